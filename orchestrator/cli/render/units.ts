const STEPS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes in powers of 1024 with PostgreSQL's unit names: `1.5GB`; absent values are `-`. */
export function bytes(value: number | undefined): string {
  if (value === undefined) return '-'
  let amount = value
  let step = 0
  while (Math.abs(amount) >= 1024 && step < STEPS.length - 1) {
    amount /= 1024
    step += 1
  }
  return `${amount >= 100 || Number.isInteger(amount) ? Math.round(amount) : amount.toFixed(1)}${STEPS[step]}`
}

/** `64 %` of what there is; absent values are `-`. */
export function share(value: number | undefined): string {
  return value === undefined ? '-' : `${Math.round(value * 100)} %`
}

/** `850ms`, `12.3s`, `4m05s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`
}

/** ISO 8601 in UTC without milliseconds. */
export function time(ms: number | undefined): string {
  return ms === undefined || ms === 0 ? '-' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function labels(map: Readonly<Record<string, string>>): string {
  return (
    Object.entries(map)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '-'
  )
}

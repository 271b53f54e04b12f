const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

/** Bytes as PostgreSQL writes them: whole megabytes, or kilobytes below ten of them. */
export function pgSize(bytes: number): string {
  const megabytes = bytes / 1024 ** 2
  return megabytes >= 10 ? `${Math.floor(megabytes)}MB` : `${Math.floor(bytes / 1024)}kB`
}

/** Bytes of a memory setting; a bare number counts in `unitBytes`. Undefined when it is no size. */
export function parsePgSize(value: string, unitBytes: number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB)?$/.exec(value.trim())
  if (match === null) return undefined
  const unit = match[2] === undefined ? unitBytes : UNITS[match[2]]
  return unit === undefined ? undefined : Number(match[1]) * unit
}

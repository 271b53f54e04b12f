/** PostgreSQL's major version that an operating system ships; the systems that Drover runs on. */
export const DEFAULT_MAJOR: Readonly<Record<string, number>> = {
  debian13: 17,
  debian12: 15,
}

/** Every major that a spec may name. */
export const MAJORS: readonly number[] = [14, 15, 16, 17, 18]

export function isSupported(os: string | undefined): os is string {
  return os !== undefined && DEFAULT_MAJOR[os] !== undefined
}

/** The major that a cluster gets on an OS when its spec names none. */
export function majorOn(os: string, wanted: number | undefined): number {
  return wanted ?? DEFAULT_MAJOR[os] ?? 0
}

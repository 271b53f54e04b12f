/** What one look at a process and its children found. */
export interface ProcessUsage {
  /** Proportional set size: shared pages count in part. Bytes, of the process and every child. */
  readonly pssBytes: number
  readonly rssBytes: number
  /** Processor time since the process began, of itself and of children that have ended, in seconds. */
  readonly cpuSeconds: number
}

/** Totals of `/proc/<pid>/smaps_rollup`, one file's text after the other. */
export function readMemory(smapsRollups: string): Pick<ProcessUsage, 'pssBytes' | 'rssBytes'> {
  const total = (name: string): number =>
    [...smapsRollups.matchAll(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'gm'))].reduce(
      (sum, match) => sum + Number(match[1]) * 1024,
      0,
    )
  return { pssBytes: total('Pss'), rssBytes: total('Rss') }
}

/** utime, stime, cutime and cstime of `/proc/<pid>/stat` (proc_pid_stat(5), fields 14 to 17). */
export function readCpu(stat: string, ticksPerSecond: number): number {
  // The program's name, in parentheses, may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).map(Number)
  if (ticks.length !== 4 || ticks.some(Number.isNaN)) throw new Error(`not a /proc/<pid>/stat line: ${stat}`)
  return ticks.reduce((sum, value) => sum + value, 0) / ticksPerSecond
}

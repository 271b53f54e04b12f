/** Two files of the kernel, read at one moment. */
export interface CpuReading {
  /** `/proc/stat`. */
  readonly machine: string
  /** `cpu.stat` of the control group that holds the lab. */
  readonly lab: string
}

export interface CpuUse {
  /** Processor time of the lab, server and clients together. */
  readonly labCpuSeconds: number
  /** The share of the machine's processor time, 0 to 1, that others had: it says how far a rate can be trusted. */
  readonly foreignShare: number
}

/** USER_HZ, which is 100 wherever Linux runs Node (time(7)). */
const TICKS_PER_SECOND = 100

/** Who had the processors between two readings. Time stolen by other virtual machines counts as that of others. */
export function cpuUse(before: CpuReading, after: CpuReading): CpuUse {
  const [start, end] = [machineSeconds(before.machine), machineSeconds(after.machine)]
  const labCpuSeconds = labSeconds(after.lab) - labSeconds(before.lab)
  const total = end.total - start.total
  const foreign = end.busy - start.busy - labCpuSeconds
  return { labCpuSeconds, foreignShare: total <= 0 ? 0 : Math.max(0, foreign / total) }
}

/** The first eight fields of the line `cpu`: user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)). */
function machineSeconds(stat: string): { readonly busy: number; readonly total: number } {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number) ?? []
  const [, , , idle = Number.NaN, iowait = Number.NaN] = fields
  const total = fields.reduce((sum, ticks) => sum + ticks, 0)
  return { busy: (total - idle - iowait) / TICKS_PER_SECOND, total: total / TICKS_PER_SECOND }
}

function labSeconds(cpuStat: string): number {
  return Number(/^usage_usec (\d+)$/m.exec(cpuStat)?.[1]) / 1e6
}

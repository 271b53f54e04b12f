import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { readCpu } from '../agent/process-usage.ts'

/** What the orchestrator has taken so far, over all processes that were it. */
export interface Usage {
  readonly at: number
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** Looks at whichever process is the orchestrator now. */
export async function createUsageMeter(pidNow: () => number | undefined): Promise<() => Promise<Usage | null>> {
  const { stdout } = await promisify(execFile)('getconf', ['CLK_TCK'])
  const ticksPerSecond = Number(stdout)
  const byPid = new Map<number, number>()
  return async () => {
    const pid = pidNow()
    if (pid === undefined) return null
    try {
      byPid.set(pid, readCpu(await readFile(`/proc/${pid}/stat`, 'utf8'), ticksPerSecond))
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      const rssBytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
      return { at: Date.now(), cpuSeconds: [...byPid.values()].reduce((sum, each) => sum + each, 0), rssBytes }
    } catch {
      // It was killed in this moment.
      return null
    }
  }
}

import type { Clock } from '../../shared/lib/clock.ts'
import { redact } from '../host/redact.ts'
import type { Systemd, UnitStatus } from '../host/systemd.ts'

export interface WaitOptions {
  readonly systemd: Systemd
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

const FIRST_POLL_MS = 60
const SLOWEST_POLL_MS = 500
/** A simple service counts as running before it had the time to fail; it must still be the same process this much later. */
const SETTLE_MS = 200
const HOPELESS_RESTARTS = 3

/** Waits until every unit runs and stays up. Answers why, for each that does not; never throws for a unit that fails. */
export async function waitForUnits(
  names: readonly string[],
  options: WaitOptions,
): Promise<ReadonlyMap<string, string>> {
  const { systemd, clock, signal, timeoutMs } = options
  const problems = new Map<string, string>()
  const up = new Map<string, { readonly pid: number; readonly since: number }>()
  const startedAt = clock.monotonic()
  let waiting = [...names]
  let pollMs = FIRST_POLL_MS
  let firstRestarts: ReadonlyMap<string, number> | null = null

  while (waiting.length > 0) {
    const states = await systemd.show(waiting, signal)
    const now = clock.monotonic()
    firstRestarts ??= new Map([...states].map(([name, status]) => [name, status.restarts]))
    for (const name of waiting) {
      const status = states.get(name)
      if (status === undefined) problems.set(name, 'systemd does not know it')
      else if (isUp(status)) {
        if (up.get(name)?.pid !== status.mainPid) up.set(name, { pid: status.mainPid, since: now })
      } else {
        up.delete(name)
        const problem = failure(status, firstRestarts.get(name) ?? 0)
        if (problem !== null) problems.set(name, problem)
        else if (now - startedAt >= timeoutMs) problems.set(name, `is still ${describe(status)} after ${timeoutMs} ms`)
      }
    }
    waiting = waiting.filter(name => !problems.has(name) && now - (up.get(name)?.since ?? now) < SETTLE_MS)
    if (waiting.length > 0) await clock.sleep(pollMs, signal)
    pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS)
  }
  return withLastLines(problems, options)
}

function isUp(status: UnitStatus): boolean {
  return (status.active === 'active' || status.active === 'reloading') && !status.jobPending
}

function failure(status: UnitStatus, restartsBefore: number): string | null {
  if (status.load === 'not-found') return 'there is no such unit'
  if (status.load === 'bad-setting' || status.load === 'error') return `systemd cannot load it (${status.load})`
  if (status.restarts - restartsBefore >= HOPELESS_RESTARTS) return `keeps failing (${describe(status)})`
  const isOver = status.active === 'failed' || status.active === 'inactive'
  return isOver && !status.jobPending ? `is ${describe(status)}` : null
}

function describe(status: UnitStatus): string {
  const why = status.result === 'success' || status.result === '' ? '' : `, ${status.result}`
  return `${status.active} (${status.sub}${why})`
}

async function withLastLines(problems: Map<string, string>, options: WaitOptions) {
  for (const [name, problem] of problems) {
    const lines = redact(await options.systemd.lastLines(name, options.signal))
    if (lines !== '') problems.set(name, `${problem}; it logged last: ${lines.replaceAll('\n', ' | ').slice(-800)}`)
  }
  return problems
}

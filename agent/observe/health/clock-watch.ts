import type { ClockObservation } from '../../../shared/domain/instance-health.ts'
import { clockFacts } from '../../facts/clock-facts.ts'
import type { Host } from '../../host/host.ts'

/** Time since boot goes on evenly, whatever is done to the clock; a time service that slews moves the clock by 0.5 ms a second. */
const JUMP_MS = 1_000
/** Reading both clocks took longer: on a busy host that would look like a jump. The next look compares with the one before. */
const AT_ONCE_MS = 250
const ASK_SERVICE_MS = 5 * 60_000

/** Whether the clock is kept in step, and whether somebody has set it while this agent looked. */
export interface ClockWatch {
  look(signal: AbortSignal): Promise<void>
  /** Undefined before the first look. */
  seen(): ClockObservation | undefined
}

export function createClockWatch(parts: {
  readonly host: Pick<Host, 'files' | 'exec'>
  /** Unix milliseconds. */
  readonly now: () => number
}): ClockWatch {
  const { host, now } = parts
  let boot: number | null = null
  let jump: ClockObservation['jump']
  let service: Pick<ClockObservation, 'synchronized' | 'source'> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function askService(signal: AbortSignal): Promise<void> {
    const { synchronized, source } = await clockFacts({ host, signal })
    service = {
      ...('unknown' in synchronized ? {} : { synchronized: synchronized.value }),
      ...('unknown' in source ? {} : { source: source.value }),
    }
  }

  return {
    seen: () => (service === undefined ? undefined : { ...service, ...(jump === undefined ? {} : { jump }) }),
    async look(signal) {
      const before = now()
      const uptime = await uptimeMs(host)
      const at = now()
      if (uptime !== null && Math.abs(at - before) <= AT_ONCE_MS) {
        const bootNow = at - uptime
        const byMs = boot === null ? 0 : bootNow - boot
        if (Math.abs(byMs) > JUMP_MS) jump = { at, byMs: Math.round(byMs) }
        boot = bootNow
        // Whoever has set it may keep it in step from now on.
        if (Math.abs(byMs) > JUMP_MS) askedAt = Number.NEGATIVE_INFINITY
      }
      const sinceBoot = uptime ?? now()
      if (sinceBoot - askedAt < ASK_SERVICE_MS) return
      askedAt = sinceBoot
      await askService(signal)
    },
  }
}

/** The kernel's CLOCK_BOOTTIME, which counts on while a machine sleeps; in hundredths of a second. */
async function uptimeMs({ files }: Pick<Host, 'files'>): Promise<number | null> {
  const seconds = Number(/^(\d+\.\d+) /.exec((await files.readText('/proc/uptime')) ?? '')?.[1])
  return Number.isFinite(seconds) ? seconds * 1000 : null
}

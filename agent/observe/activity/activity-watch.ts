import type { ActivityCounters, InstanceActivity, LogCounters } from '../../../shared/domain/activity.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { InstanceWatch, Watches } from '../../../shared/domain/manifest.ts'
import type { NodeObservation } from '../../../shared/domain/observation.ts'
import { poolerSocket } from '../../../shared/domain/pooler-socket.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { Log } from '../../../shared/lib/log.ts'
import type { Exec } from '../../host/host.ts'
import { countLog, countPoolers, countServer } from './count-activity.ts'

/** Counts what goes through the members of this node, and remembers an hour of it. */
export interface ActivityWatch {
  run(signal: AbortSignal): Promise<void>
  /** Counts now. Errors: `not-found`. What does not answer is absent. */
  count(instance: InstanceName, signal: AbortSignal): Promise<ActivityCounters>
  /** The observation with what was counted last. */
  complete(seen: NodeObservation): NodeObservation
}

const EVERY_MS = 60_000
const REMEMBERED_MS = 60 * 60_000
const TIMEOUT_MS = 20_000

interface Known {
  /** Oldest first. */
  readonly samples: readonly ActivityCounters[]
  readonly log: LogCounters
  /** Up to when the log was counted. */
  readonly logUntil: number
}

export function createActivityWatch(parts: {
  readonly exec: Exec
  readonly watches: () => Watches
  /** Nothing is looked at meanwhile. */
  readonly clientsWait: () => boolean
  readonly clock: Clock
  readonly log: Log
}): ActivityWatch {
  const { exec, clock } = parts
  const known = new Map<InstanceName, Known>()

  async function sample(watch: InstanceWatch, signal: AbortSignal): Promise<ActivityCounters> {
    const { instance, socketDirectory, postgresPort: port } = watch
    const before = known.get(instance)
    const at = clock.now()
    const since = before?.logUntil ?? at
    const targets = watch.poolers.flatMap(({ name, port: poolerPort }) =>
      name === 'rw' || name === 'ro'
        ? [{ instance, socketDirectory: poolerSocket(name, instance), port: poolerPort }]
        : [],
    )
    const [server, poolers, lines] = await Promise.all([
      answered(() => countServer({ exec, socketDirectory, port, signal })),
      answered(() => countPoolers(exec, targets, signal)),
      answered(() => countLog(exec, { unit: watch.patroniUnit, since, until: at, signal })),
    ])
    const log = lines === undefined ? undefined : sum(before?.log, lines)
    const counters = {
      at,
      ...(server === undefined ? {} : { server }),
      ...(poolers === undefined ? {} : { poolers }),
      ...(log === undefined ? {} : { log }),
    }
    // Another look may have come in between: what it has counted of the log is not counted again.
    if (known.get(instance) === before)
      known.set(instance, {
        samples: [...(before?.samples ?? []).filter(each => at - each.at <= REMEMBERED_MS), counters],
        log: log ?? before?.log ?? NONE,
        logUntil: log === undefined ? since : at,
      })
    return counters
  }

  async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (error) {
      parts.log.debug('activity was not counted', { reason: DroverError.from(error).message })
      return undefined
    }
  }

  return {
    async count(instance, signal) {
      const watch = parts.watches().instances.find(each => each.instance === instance)
      if (watch === undefined) throw new DroverError('not-found', `there is no instance ${instance} here`)
      return await sample(watch, signal)
    },
    complete: seen => ({
      ...seen,
      instances: seen.instances.map(each => {
        const activity = activityOf(known.get(each.instance))
        return activity === undefined ? each : { ...each, activity }
      }),
    }),
    async run(signal) {
      while (!signal.aborted) {
        const { instances } = parts.watches()
        const names = new Set(instances.map(({ instance }) => instance))
        for (const name of known.keys()) if (!names.has(name)) known.delete(name)
        for (const watch of instances)
          if (!parts.clientsWait() && !signal.aborted)
            await sample(watch, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
        await clock.sleep(EVERY_MS * (0.9 + Math.random() * 0.2), signal).catch(() => undefined)
      }
    },
  }
}

const NONE: LogCounters = { panics: 0, fatals: 0, errors: 0 }

function sum(before: LogCounters = NONE, now: LogCounters): LogCounters {
  return {
    panics: before.panics + now.panics,
    fatals: before.fatals + now.fatals,
    errors: before.errors + now.errors,
  }
}

function activityOf(found: Known | undefined): InstanceActivity | undefined {
  const [before] = found?.samples ?? []
  const now = found?.samples.at(-1)
  if (now === undefined) return undefined
  return { now, ...(before === undefined || before === now ? {} : { before }) }
}

import { DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { DiskSpace, InstanceHealth } from '../../../shared/domain/instance-health.ts'
import type { InstanceWatch, Watches } from '../../../shared/domain/manifest.ts'
import { type InstanceObservation, leads, type NodeObservation } from '../../../shared/domain/observation.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { Log } from '../../../shared/lib/log.ts'
import type { Host } from '../../host/host.ts'
import { createClockWatch } from './clock-watch.ts'
import { diskSpace, instanceDisks } from './disk-space.ts'
import { sequencesInUse, serverHealth } from './server-health.ts'
import { startSkew } from './start-skew.ts'

/** Looks at how well things are, beside observing what runs: slower, and never in the way of an observation. */
export interface HealthWatch {
  run(signal: AbortSignal): Promise<void>
  /** The observation with what was found last. */
  complete(seen: NodeObservation): NodeObservation
}

const TICK_MS = 5_000
const SERVER_MS = 30_000
const SEQUENCES_MS = 10 * 60_000
const TIMEOUT_MS = 20_000
const ETCD_DATA = '/var/lib/drover/etcd'

interface Known {
  readonly health: InstanceHealth
  readonly serverAt: number
  readonly sequencesAt: number
}

export function createHealthWatch(parts: {
  readonly host: Pick<Host, 'files' | 'exec'>
  readonly watches: () => Watches
  /** Nothing is looked at meanwhile. */
  readonly clientsWait: () => boolean
  readonly clock: Clock
  readonly log: Log
}): HealthWatch {
  const { host, clock, log } = parts
  const clockWatch = createClockWatch({ host, now: clock.now })
  const known = new Map<InstanceName, Known>()
  const leading = new Set<InstanceName>()
  let etcdDisk: DiskSpace | undefined

  async function look(signal: AbortSignal): Promise<void> {
    const { instances, etcd } = parts.watches()
    await clockWatch.look(signal)
    etcdDisk = etcd === undefined ? undefined : await diskSpace(host.files, { holds: 'etcd', path: ETCD_DATA })
    const names = new Set(instances.map(({ instance }) => instance))
    for (const name of known.keys()) if (!names.has(name)) known.delete(name)
    for (const watch of instances) known.set(watch.instance, await lookAt(watch, signal))
  }

  async function lookAt(watch: InstanceWatch, signal: AbortSignal): Promise<Known> {
    const before = known.get(watch.instance)
    const now = clock.monotonic()
    const [disks, skew] = await Promise.all([
      instanceDisks(host.files, watch.dataDirectory),
      startSkew(host.files, watch.dataDirectory),
    ])
    const base = { disks, ...(skew === undefined ? {} : { startSkewSeconds: skew }) }
    // Nobody is asked where nobody listens.
    if (skew === undefined)
      return { health: base, serverAt: Number.NEGATIVE_INFINITY, sequencesAt: Number.NEGATIVE_INFINITY }
    const question = { exec: host.exec, socketDirectory: watch.socketDirectory, port: watch.postgresPort, signal }
    const isServerDue = now - (before?.serverAt ?? Number.NEGATIVE_INFINITY) >= SERVER_MS
    const mayHaveSequences = leading.has(watch.instance)
    const areSequencesDue = mayHaveSequences && now - (before?.sequencesAt ?? Number.NEGATIVE_INFINITY) >= SEQUENCES_MS
    const server = isServerDue ? await answered(watch, () => serverHealth(question)) : before?.health.server
    const sequences = areSequencesDue ? await answered(watch, () => sequencesInUse(question)) : before?.health.sequences
    return {
      serverAt: isServerDue ? now : (before?.serverAt ?? now),
      sequencesAt: areSequencesDue ? now : (before?.sequencesAt ?? Number.NEGATIVE_INFINITY),
      health: {
        ...base,
        ...(server === undefined ? {} : { server }),
        ...(sequences === undefined || !mayHaveSequences ? {} : { sequences }),
      },
    }
  }

  async function answered<T>({ instance }: InstanceWatch, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (error) {
      log.debug('a server was not asked how it is', { instance, reason: DroverError.from(error).message })
      return undefined
    }
  }

  function withHealth(instance: InstanceObservation): InstanceObservation {
    if (leads(instance.role)) leading.add(instance.instance)
    else leading.delete(instance.instance)
    const health = known.get(instance.instance)?.health
    return health === undefined ? instance : { ...instance, health }
  }

  return {
    complete(seen) {
      const clockSeen = clockWatch.seen()
      return {
        ...seen,
        ...(clockSeen === undefined ? {} : { clock: clockSeen }),
        ...(seen.etcd === undefined || etcdDisk === undefined ? {} : { etcd: { ...seen.etcd, disk: etcdDisk } }),
        instances: seen.instances.map(withHealth),
      }
    },
    async run(signal) {
      while (!signal.aborted) {
        if (!parts.clientsWait()) {
          try {
            await look(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
          } catch (error) {
            if (!signal.aborted) log.warn('the look at health failed', { reason: DroverError.from(error).message })
          }
        }
        await clock.sleep(TICK_MS * (0.9 + Math.random() * 0.2), signal).catch(() => undefined)
      }
    },
  }
}

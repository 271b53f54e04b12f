import { DroverError } from '../../shared/domain/errors.ts'
import type { InstanceWatch, Watches } from '../../shared/domain/manifest.ts'
import type { InstanceObservation, NodeObservation } from '../../shared/domain/observation.ts'
import type { Host } from '../host/host.ts'
import { deadlineIn, deadlinePath } from '../host/pause-deadline-file.ts'
import type { Systemd } from '../host/systemd.ts'
import { copiedBytes } from './copied-bytes.ts'
import { createEtcdObserver } from './etcd-status.ts'
import { createTlsClient } from './mutual-tls.ts'
import { portStaysOpen } from './open-port.ts'
import { type PatroniStatus, patroniStatus } from './patroni-status.ts'
import { postgresAnswers } from './postgres-port.ts'
import { createUnitVoice } from './unit-voice.ts'

export interface Observer {
  /** What runs on this node now. Never throws: what cannot be reached is an observation too. Takes at most some 2 s. */
  observe(watches: Watches, signal: AbortSignal): Promise<NodeObservation>
  close(): void
}

const TIMEOUT_MS = 1_500

/** Holds the open connections and the slow facts between observations. `now` is Unix milliseconds. */
export function createObserver(parts: {
  readonly host: Pick<Host, 'files'>
  readonly systemd: Pick<Systemd, 'lastLines' | 'show'>
  readonly now: () => number
}): Observer {
  const client = createTlsClient({ files: parts.host.files, now: parts.now })
  const voice = createUnitVoice(parts)
  const etcd = createEtcdObserver({ client, now: parts.now })

  async function patroni(watch: InstanceWatch, signal: AbortSignal): Promise<PatroniStatus> {
    try {
      const url = `${watch.patroniUrl}/patroni`
      return patroniStatus((await client.request({ url, tls: watch, timeoutMs: TIMEOUT_MS, signal })).text)
    } catch (error) {
      const { lastLine, restarts } = await voice.listen(watch.patroniUnit, signal)
      const detail = `${DroverError.from(error).message}${lastLine === '' ? '' : `; it logged last: ${lastLine}`}`
      return { role: 'unknown', state: 'unreachable', detail, ...(restarts === undefined ? {} : { restarts }) }
    }
  }

  async function instance(watch: InstanceWatch, signal: AbortSignal): Promise<InstanceObservation> {
    const [status, poolers, services] = await Promise.all([
      patroni(watch, signal),
      ports(watch.poolers, signal),
      ports(watch.services, signal),
    ])
    const copied =
      status.state === 'creating replica' ? await copiedBytes(parts.host.files, watch.dataDirectory) : undefined
    const pausedUntil = status.paused === true ? await deadlineOf(watch) : undefined
    return {
      cluster: watch.cluster,
      instance: watch.instance,
      ...status,
      ...(pausedUntil === undefined ? {} : { pausedUntil }),
      ...(copied === undefined ? {} : { detail: `has copied ${Math.round(copied / 1_000_000)} MB` }),
      poolers,
      services,
    }
  }

  async function deadlineOf({ instance: name }: InstanceWatch): Promise<number | undefined> {
    const text = await parts.host.files.readText(deadlinePath(name)).catch(() => null)
    return text === null ? undefined : deadlineIn(text)
  }

  return {
    observe: async (watches, signal) => {
      const [etcdSeen, instances] = await Promise.all([
        watches.etcd === undefined ? undefined : etcd.observe(watches.etcd, signal),
        Promise.all(watches.instances.map(watch => instance(watch, signal))),
      ])
      return { observedAt: parts.now(), ...(etcdSeen === undefined ? {} : { etcd: etcdSeen }), instances }
    },
    close: () => client.close(),
  }
}

interface NamedPort {
  readonly name: string
  readonly port: number
  readonly protocol?: 'tcp'
}

function ports(named: readonly NamedPort[], signal: AbortSignal) {
  return Promise.all(
    named.map(async ({ name, port, protocol }) => {
      const probe = { host: '127.0.0.1', port, timeoutMs: TIMEOUT_MS, signal }
      return { name, port, up: await (protocol === 'tcp' ? portStaysOpen(probe) : postgresAnswers(probe)) }
    }),
  )
}

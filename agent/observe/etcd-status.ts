import { DroverError } from '../../shared/domain/errors.ts'
import type { EtcdWatch } from '../../shared/domain/manifest.ts'
import type { EtcdObservation } from '../../shared/domain/observation.ts'
import type { TlsClient } from './mutual-tls.ts'

/** What hardly changes, asked once a minute. */
interface SlowFacts {
  readonly members?: number
  readonly quotaBytes?: number
}

export interface EtcdObserver {
  /** Never throws: an etcd that does not answer is not healthy, and the detail says why. */
  observe(watch: EtcdWatch, signal: AbortSignal): Promise<EtcdObservation>
}

const TIMEOUT_MS = 1_500
const SLOW_MS = 60_000

export function createEtcdObserver(parts: { readonly client: TlsClient; readonly now: () => number }): EtcdObserver {
  let slow: { readonly at: number; readonly facts: SlowFacts } | null = null

  async function ask(watch: EtcdWatch, path: string, signal: AbortSignal, body?: unknown): Promise<string> {
    const post = body === undefined ? {} : { method: 'POST' as const, body }
    const url = `${watch.clientUrl}${path}`
    const answer = await parts.client.request({ url, tls: watch, timeoutMs: TIMEOUT_MS, signal, ...post })
    if (answer.status === 200) return answer.text
    throw new DroverError('unavailable', `etcd answered ${answer.status} to ${path}: ${answer.text.slice(0, 200)}`)
  }

  async function slowFacts(watch: EtcdWatch, signal: AbortSignal): Promise<SlowFacts> {
    if (slow !== null && parts.now() - slow.at < SLOW_MS) return slow.facts
    const members = (JSON.parse(await ask(watch, '/v3/cluster/member/list', signal, {})) as { members?: unknown[] })
      .members
    const quota = /^etcd_server_quota_backend_bytes (\S+)$/m.exec(await ask(watch, '/metrics', signal))?.[1]
    const facts = {
      ...(members === undefined ? {} : { members: members.length }),
      ...(quota === undefined ? {} : { quotaBytes: Number(quota) }),
    }
    slow = { at: parts.now(), facts }
    return facts
  }

  return {
    observe: async (watch, signal) => {
      try {
        const status = JSON.parse(await ask(watch, '/v3/maintenance/status', signal, {})) as MaintenanceStatus
        const partial = fromStatus(watch.name, status)
        const health = JSON.parse(await ask(watch, '/health', signal)) as { health?: string; reason?: string }
        if (health.health !== 'true')
          return { ...partial, ...slow?.facts, detail: health.reason ?? 'etcd says that it is not healthy' }
        const clusterVersion = fromVersion(JSON.parse(await ask(watch, '/version', signal)) as VersionAnswer)
        return { ...partial, ...clusterVersion, healthy: true, ...(await slowFacts(watch, signal)) }
      } catch (error) {
        return { name: watch.name, healthy: false, leader: false, detail: DroverError.from(error).message }
      }
    },
  }
}

/** Numbers of 64 bits are texts in the gateway's JSON, and what is zero is left out. */
interface MaintenanceStatus {
  readonly header?: { readonly member_id?: string }
  readonly version?: string
  readonly dbSize?: string
  readonly dbSizeInUse?: string
  /** `memberID:95 alarm:NOSPACE`. */
  readonly errors?: readonly string[]
  readonly leader?: string
}

interface VersionAnswer {
  readonly etcdcluster?: string
}

/** `not_decided` until the first leader has looked. */
function fromVersion({ etcdcluster }: VersionAnswer): Pick<EtcdObservation, 'clusterVersion'> {
  return etcdcluster === undefined || !/^\d/.test(etcdcluster) ? {} : { clusterVersion: etcdcluster }
}

function fromStatus(name: string, status: MaintenanceStatus): EtcdObservation {
  const alarms = (status.errors ?? []).flatMap(text => /alarm:\s*([A-Z]+)/.exec(text)?.[1] ?? [])
  return {
    name,
    healthy: false,
    leader: status.leader !== undefined && status.leader === status.header?.member_id,
    ...(status.version === undefined ? {} : { version: status.version }),
    ...(status.dbSize === undefined ? {} : { dbSizeBytes: Number(status.dbSize) }),
    ...(status.dbSizeInUse === undefined ? {} : { dbSizeInUseBytes: Number(status.dbSizeInUse) }),
    ...(alarms.length === 0 ? {} : { alarms: [...new Set(alarms)].toSorted() }),
  }
}

import type { StatusResponse } from '../../proto/gen/drover/v1/StatusResponse.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { explanationsOf } from '../inventory/fleet-state.ts'
import { secretsOf, withOriginRoles } from '../plan/topology/standby-source.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { encodeCluster } from './encode-cluster.ts'
import { encodeFindings } from './encode-findings.ts'
import { encodePlacement, encodeSetting } from './encode-plan.ts'
import { encodeStatus } from './encode-status.ts'
import { readView } from './fleet-view.ts'

/** Time alone changes status too: nodes go silent, observations grow old. */
const TICK_MS = 1000
/** At most this often, however much happens. */
const SETTLE_MS = 200
const RECENT_OPERATIONS = 20

type StatusMethods = 'GetVersion' | 'Status' | 'WatchStatus' | 'ShowCluster'

export function createStatusHandlers(deps: ApiDeps): Pick<FleetServer, StatusMethods> {
  const { fleet, clock, live } = deps
  return {
    GetVersion: async (_request, context) => {
      actorOf(context, fleet.id)
      return { version: deps.version, fleetId: fleet.id, fleetName: fleet.name }
    },
    Status: async (request, context) => {
      actorOf(context, fleet.id)
      return status(request.cluster)
    },
    WatchStatus: async function* (request, context) {
      actorOf(context, fleet.id)
      const signal = AbortSignal.any([context.signal, deps.stopping])
      let shown = ''
      while (!signal.aborted) {
        const seen = live.changes.version
        const next = await status(request.cluster)
        const content = contentHash(withoutTimes(next))
        if (content !== shown) yield next
        shown = content
        await pause(seen, signal)
      }
    },
    ShowCluster: async (request, context) => showCluster(request, actorOf(context, fleet.id)),
  }

  async function status(cluster: string): Promise<StatusResponse> {
    const [view, recent, findings] = await Promise.all([
      readView(deps),
      deps.operations.list(RECENT_OPERATIONS),
      deps.health.findings(),
    ])
    const operations = recent.filter(({ state }) => state === 'running' || state === 'pending')
    return encodeStatus({ view, fleet, operations, findings, cluster })
  }

  async function pause(seen: number, signal: AbortSignal): Promise<void> {
    const tick = AbortSignal.any([signal, AbortSignal.timeout(TICK_MS)])
    await live.changes.after(seen, tick).catch(() => undefined)
    await clock.sleep(SETTLE_MS, signal).catch(() => undefined)
  }

  async function showCluster(request: { readonly name: string; readonly reveal: boolean }, actor: string) {
    const { name, reveal } = request
    const view = await readView(deps)
    const allocation = view.allocations.clusters[name]
    if (allocation === undefined) {
      throw new DroverError('not-found', `there is no cluster ${JSON.stringify(name)}`, { hint: 'drover cluster list' })
    }
    const declared = view.spec?.clusters.find(cluster => cluster.name === name)
    const spec = declared === undefined || view.spec === undefined ? undefined : withOriginRoles(declared, view.spec)
    const { placements, settings } = explanationsOf(await deps.state.explanations(), name)
    const credentials = []
    const secrets = spec === undefined || view.spec === undefined ? `clusters/${name}` : secretsOf(spec, view.spec)
    // A password that clients knew before is not Drover's to show: there is only its verifier.
    const own = (spec?.users ?? []).filter(({ login, password }) => login && password === undefined)
    for (const { name: user } of own) {
      const found = await deps.credential(`${secrets}/users/${user}`)
      credentials.push({ user, password: reveal ? (found?.password ?? '') : '' })
    }
    if (reveal) {
      const detail = `passwords of ${credentials.map(({ user }) => user).join(', ') || 'nobody'}`
      await deps.audit.append({ type: 'credential:revealed', actor, subject: name, detail })
    }
    return {
      cluster: encodeCluster(name, allocation, view),
      specJson: spec === undefined ? '' : JSON.stringify(spec, withoutSecrets),
      credentials,
      settings: settings.map(encodeSetting),
      placements: placements.map(encodePlacement),
      caPem: fleet.caPem,
      databases: (spec?.databases ?? []).map(database => database.name),
      health: encodeFindings(await deps.health.findings(), view, name),
    }
  }
}

/** Verifiers of passwords, and SQL that may hold anything. */
function withoutSecrets(key: string, value: unknown): unknown {
  return key === 'password' || key === 'baseline' ? undefined : value
}

/** What moves with every heartbeat is no news. */
function withoutTimes(status: StatusResponse): unknown {
  const nodes = (status.nodes ?? []).map(({ lastSeenMs: _seen, clockOffsetMs: _offset, ...node }) => node)
  const clusters = (status.clusters ?? []).map(cluster => ({
    ...cluster,
    members: (cluster.members ?? []).map(({ observedAtMs: _at, ...member }) => member),
  }))
  return { ...status, nodes, clusters, observedAtMs: 0 }
}

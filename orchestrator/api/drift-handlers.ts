import { DroverError } from '../../shared/domain/errors.ts'
import type { ClusterName } from '../../shared/domain/ids.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { lookAtFleet } from '../operation/drift/fleet-drift.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { encodeClusterDrift, encodeNodeDrift } from './encode-drift.ts'
import { type NodeView, readView } from './fleet-view.ts'

/** Somebody waits for the answer; a busy host is not waited for. */
const WITHIN_MS = 15_000

export function createDriftHandlers(deps: ApiDeps): Pick<FleetServer, 'Drift'> {
  return {
    Drift: async (request, context) => {
      actorOf(context, deps.fleet.id)
      const signal = AbortSignal.any([context.signal, deps.stopping])
      const { nodes, clusters } = await subject(request.node)
      const nodeIds = nodes.map(({ record }) => record.id)
      const seen = await lookAtFleet(deps.drift, { nodeIds, clusters, withinMs: WITHIN_MS, signal })
      return {
        nodes: nodes.map(view => encodeNodeDrift(view, seen.hosts.get(view.record.id))),
        clusters: clusters.map(name => encodeClusterDrift(name, seen.clusters.get(name))),
      }
    },
  }

  /** A node alone; a cluster with the nodes of its members; or everything. */
  async function subject(
    name: string,
  ): Promise<{ readonly nodes: readonly NodeView[]; readonly clusters: readonly ClusterName[] }> {
    const view = await readView(deps)
    const all = [...view.nodes.values()].filter(({ record }) => record.state !== 'pending')
    const clusters = (view.spec?.clusters ?? []).map(each => each.name)
    if (name === '') return { nodes: all, clusters }
    const nodes = all.filter(({ record }) => record.name === name || record.id === name)
    if (nodes.length > 0) return { nodes, clusters: [] }
    if (!clusters.includes(name)) {
      const message = `no node and no cluster is called ${JSON.stringify(name)}`
      throw new DroverError('not-found', message, { hint: 'drover node list, drover cluster list' })
    }
    const members = new Set((view.allocations.clusters[name]?.members ?? []).map(({ nodeId }) => nodeId))
    return { nodes: all.filter(({ record }) => members.has(record.id)), clusters: [name] }
  }
}

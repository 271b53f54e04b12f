import type { DriftResponse } from '../../proto/gen/drover/v1/DriftResponse.ts'
import type { NodeDrift } from '../../proto/gen/drover/v1/NodeDrift.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { currentDrift } from '../inventory/snapshot-builder.ts'
import type { ChainVerdict } from '../observe/audit-record.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { type NodeView, readView } from './fleet-view.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 5000

export function createAuditHandlers(deps: ApiDeps): Pick<FleetServer, 'Drift' | 'ListAudit' | 'VerifyAudit'> {
  const { audit, nodeAudit, registry, fleet } = deps
  return {
    Drift: async (request, context) => {
      actorOf(context, fleet.id)
      return drift(request.node)
    },
    ListAudit: async (request, context) => {
      actorOf(context, fleet.id)
      const limit = request.limit <= 0 ? DEFAULT_LIMIT : Math.min(request.limit, MAX_LIMIT)
      const records = await list(request.node, limit)
      return { records: records.map(({ at, ...record }) => ({ ...record, atMs: at })) }
    },
    VerifyAudit: async (_request, context) => {
      actorOf(context, fleet.id)
      const chains = [await audit.verify()]
      for (const { id, generation, name } of await registry.list()) {
        chains.push(await nodeAudit.verify({ nodeId: id, generation }, name))
      }
      return { chains: chains.map(encodeVerdict) }
    },
  }

  async function list(node: string, limit: number) {
    if (node === '') return audit.list(limit)
    const { id, generation, name } = (await registry.find(node)).record
    return nodeAudit.list({ nodeId: id, generation }, name, limit)
  }

  async function drift(node: string): Promise<DriftResponse> {
    const view = await readView(deps)
    const nodes = [...view.nodes.values()].filter(({ record }) => record.state !== 'pending')
    const wanted = node === '' ? nodes : nodes.filter(({ record }) => record.name === node || record.id === node)
    if (node !== '' && wanted.length === 0) {
      throw new DroverError('not-found', `no node is called ${JSON.stringify(node)}`, { hint: 'drover node list' })
    }
    return { nodes: wanted.map(encodeDrift) }
  }
}

/** What the agent's last dry run of the applied manifest found. */
function encodeDrift(view: NodeView): NodeDrift {
  const { record, live, manifest, state } = view
  const report = currentDrift(live, manifest)
  const base = { node: record.name, items: [], ...(report === undefined ? {} : { checkedAtMs: report.checkedAt }) }
  if (manifest === undefined) return { ...base, state: 'unknown', detail: 'nothing has been applied to it yet' }
  if (report === undefined) return { ...base, state: 'unknown', detail: 'its agent has not checked it yet' }
  const items = report.items.map(item => ({ ...item }))
  const detail = state === 'silent' ? 'the node does not answer; this is what it said last' : ''
  return { ...base, state: items.length === 0 ? 'ok' : 'drifted', items, detail }
}

function encodeVerdict({ chain, records, firstBreak, head }: ChainVerdict) {
  const broken = firstBreak === null ? {} : { firstBreak: firstBreak.index }
  return { chain, records, intact: firstBreak === null, head, ...broken }
}

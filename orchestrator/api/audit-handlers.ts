import type { FleetServer } from '../../shared/wire/services.ts'
import type { ChainVerdict } from '../observe/audit-record.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 5000

export function createAuditHandlers(deps: ApiDeps): Pick<FleetServer, 'ListAudit' | 'VerifyAudit'> {
  const { audit, nodeAudit, registry, fleet } = deps
  return {
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
}

function encodeVerdict({ chain, records, firstBreak, head }: ChainVerdict) {
  const broken = firstBreak === null ? {} : { firstBreak: firstBreak.index }
  return { chain, records, intact: firstBreak === null, head, ...broken }
}

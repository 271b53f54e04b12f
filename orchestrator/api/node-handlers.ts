import type { Token } from '../../proto/gen/drover/v1/Token.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import type { TokenRecord } from '../inventory/enrolment/token-store.ts'
import type { NodeRecord } from '../inventory/node-record.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { encodeNode } from './encode-node.ts'
import { type FleetView, readView } from './fleet-view.ts'
import { packagesOnOffer } from './packages-on-offer.ts'

type NodeMethods = 'CreateToken' | 'ListTokens' | 'RevokeToken' | 'ListNodes' | 'ShowNode' | 'ApproveNode' | 'LabelNode'

export function createNodeHandlers(deps: ApiDeps): Pick<FleetServer, NodeMethods> {
  const { tokens, admin, registry, facts, fleet } = deps
  return {
    CreateToken: async (request, context) => {
      const actor = actorOf(context, fleet.id)
      const { maxUses, ttlMs, labels, cidr, autoApprove, replaceNode } = request
      const replaced = replaceNode === '' ? undefined : (await registry.find(replaceNode)).record
      const { record, token } = await tokens.create(
        {
          ...(maxUses === 0 ? {} : { maxUses }),
          ...(ttlMs === 0 ? {} : { ttlMs }),
          labels,
          cidr,
          autoApprove,
          ...(replaced === undefined ? {} : { replaces: replaced.id }),
        },
        actor,
      )
      return { token: encodeToken(record), secretToken: token.reveal() }
    },
    ListTokens: async (_request, context) => {
      actorOf(context, fleet.id)
      return { tokens: (await tokens.list()).map(encodeToken) }
    },
    RevokeToken: async (request, context) => ({
      token: encodeToken(await tokens.revoke(request.id, actorOf(context, fleet.id))),
    }),
    ListNodes: async (request, context) => {
      actorOf(context, fleet.id)
      const view = await readView(deps)
      return {
        nodes: [...view.nodes.values()].map(node => encodeNode(node, view.now)),
        ...(request.facts ? { factsJson: factsOf(view) } : {}),
        ...(request.packages ? { packages: await packagesOnOffer(view, deps.packages, context.signal) } : {}),
      }
    },
    ShowNode: async (request, context) => {
      actorOf(context, fleet.id)
      const { record } = await registry.find(request.node)
      const stored = await facts.get(record.id)
      return { node: await shown(record), factsJson: stored === null ? '' : JSON.stringify(stored.facts) }
    },
    ApproveNode: async (request, context) => ({
      node: await shown(await admin.approve(request.node, actorOf(context, fleet.id))),
    }),
    LabelNode: async (request, context) => ({
      node: await shown(await admin.label(request.node, request, actorOf(context, fleet.id))),
    }),
  }

  async function shown(record: NodeRecord) {
    const view = await readView(deps)
    const node = view.nodes.get(record.id)
    if (node === undefined) throw new DroverError('not-found', `node ${record.name} has been removed`)
    return encodeNode(node, view.now)
  }
}

/** By node id. */
function factsOf(view: FleetView): Record<NodeId, string> {
  const known = [...view.nodes].flatMap(([id, { facts }]) => (facts === undefined ? [] : [[id, JSON.stringify(facts)]]))
  return Object.fromEntries(known) as Record<NodeId, string>
}

function encodeToken(record: TokenRecord): Token {
  const { id, maxUses, uses, createdAt, expiresAt, labels, cidr, autoApprove, revoked, creator } = record
  return {
    id,
    maxUses,
    uses,
    createdAtMs: createdAt,
    expiresAtMs: expiresAt,
    labels: { ...labels },
    cidr,
    autoApprove,
    revoked,
    creator,
  }
}

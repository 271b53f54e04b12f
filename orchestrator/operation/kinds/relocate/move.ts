import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../../shared/domain/ids.ts'
import type { PlanIntent } from '../../../../shared/domain/plan.ts'
import type { SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import type { OperationKind } from '../../program.ts'
import { findNode } from '../nodes/find-node.ts'
import { onRequest } from '../requested-kind.ts'
import { type Applied, clusterOf, readApplied } from '../whole-clusters/applied.ts'
import { type Patience, patience } from './patience.ts'
import { type Move, prepareRelocation, type RelocationInput, relocate } from './relocation.ts'

export interface RelocationOutput {
  readonly moves: readonly Move[]
}

const program: Pick<OperationKind<RelocationInput, RelocationOutput>, 'run'> = {
  run: async (input, op) => ({ ...(await relocate(input, op)), output: { moves: input.moves } }),
}

/** `drover cluster move`: to a node that is named. */
export const move = onRequest<
  { readonly cluster: string; readonly instance: string; readonly to: string } & Patience,
  RelocationInput,
  RelocationOutput
>({
  kind: { kind: 'move', ...program },
  request: z.strictObject({ cluster: z.string(), instance: z.string(), to: z.string(), ...patience }),
  async prepare({ cluster, instance, to, waitClientsSeconds }, desk) {
    const applied = await readApplied(desk.fleet)
    const node = findNode(to, applied.snapshot)
    const destination = destinationFor({ applied, cluster, instance, node })
    const prepared = await prepareRelocation(
      { ...applied, instances: [instance], to: destination, waitClientsMs: waitClientsSeconds * 1000 },
      desk,
    )
    return { ...prepared, subject: `${instance} to ${node.name}` }
  },
})

/** `drover cluster replace`: placement chooses another node. */
export const replace = onRequest<
  { readonly cluster: string; readonly instance: string } & Patience,
  RelocationInput,
  RelocationOutput
>({
  kind: { kind: 'replace', ...program },
  request: z.strictObject({ cluster: z.string(), instance: z.string(), ...patience }),
  async prepare({ cluster, instance, waitClientsSeconds }, desk) {
    const applied = await readApplied(desk.fleet)
    memberOf(applied, cluster, instance)
    const waitClientsMs = waitClientsSeconds * 1000
    const prepared = await prepareRelocation({ ...applied, instances: [instance], waitClientsMs }, desk)
    return { ...prepared, subject: instance }
  },
})

function memberOf(applied: Applied, cluster: string, instance: InstanceName) {
  const member = clusterOf(applied, cluster).members.find(each => each.instance === instance)
  if (member !== undefined) return member
  throw new DroverError('not-found', `${cluster} has no member ${instance}`, { hint: `drover status ${cluster}` })
}

function destinationFor({
  applied,
  cluster,
  instance,
  node,
}: {
  readonly applied: Applied
  readonly cluster: string
  readonly instance: InstanceName
  readonly node: SnapshotNode
}): NonNullable<PlanIntent['to']> {
  const { group, nodeId } = memberOf(applied, cluster, instance)
  if (nodeId === node.id)
    throw new DroverError('conflict', `${instance} is on ${node.name} already`, {
      retryable: false,
      hint: `to copy its data anew: drover cluster reinit ${cluster} ${instance}`,
    })
  const spec = applied.spec.clusters.find(({ name }) => name === cluster)
  const named = group === undefined ? spec?.placement.nodes : spec?.replicas.find(({ name }) => name === group)?.nodes
  if (named !== undefined && !named.includes(node.name) && !named.includes(node.address))
    throw new DroverError('conflict', `the spec lists the nodes of ${cluster}, and ${node.name} is not among them`, {
      retryable: false,
      hint: `add ${node.name} to the list and apply the spec first`,
    })
  return { cluster, ...(group === undefined ? {} : { group }), node: node.name }
}

import { z } from 'zod'
import { COMPONENTS } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import type { EtcdDoor } from '../../../../shared/domain/plan.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { unitsOf } from '../../../plan/component-manifest.ts'
import { clusterLock, FLEET_LOCK } from '../../journal.ts'
import { membersOf } from '../../members/member.ts'
import { findNode } from '../nodes/find-node.ts'
import { onRequest } from '../requested-kind.ts'
import { renewComponent } from './renew-component.ts'
import { renewalRisks } from './renewal-risks.ts'
import type { ClusterOnNode, RenewInput } from './turn.ts'

const change = z.strictObject({ name: z.string(), from: z.string(), to: z.string() })

export const renewRequest = z.strictObject({
  node: z.string(),
  component: z.enum(COMPONENTS),
  packages: z.array(change).min(1),
  drainMs: z.int().min(0),
  /** Back to what the host had: it is not well with what it has. */
  isBack: z.boolean().default(false),
})

/** One turn of `drover upgrade components`. Nothing else goes on meanwhile with the clusters of the node, or with etcd. */
export const requestedRenewComponent = onRequest({
  kind: renewComponent,
  request: renewRequest,
  async prepare({ node: name, component, packages, drainMs, isBack }, { fleet }) {
    const snapshot = await fleet.snapshot({})
    const node = findNode(name, snapshot)
    const manifests = await fleet.manifests()
    const manifest = manifests.get(node.id)
    if (manifest === undefined) throw new DroverError('conflict', `nothing was applied to ${name} yet`)
    const clusters = clustersOn(manifest, manifests, snapshot)
    const names = clusters.map(each => each.name)
    const input: RenewInput = {
      nodeId: node.id,
      node: name,
      component,
      packages,
      units: unitsOf(component, manifest),
      clusters,
      voters: component === 'etcd' ? votersOf(snapshot, manifests) : [],
      drainMs,
      isBack,
    }
    const locks = component === 'etcd' ? [FLEET_LOCK] : names.map(clusterLock)
    return { subject: `${component} of ${name}`, clusters: names, risks: renewalRisks(input), locks, input }
  },
})

function clustersOn(
  { watches }: Manifest,
  manifests: ReadonlyMap<NodeId, Manifest>,
  { appliedSpec }: Pick<Snapshot, 'appliedSpec'>,
): readonly ClusterOnNode[] {
  const names = [...new Set(watches.instances.map(({ cluster }) => cluster))].sort()
  return names.map(name => {
    const spec = appliedSpec?.clusters.find(cluster => cluster.name === name)
    const isSynchronous = spec !== undefined && spec.durability !== 'async' && spec.standbyOf === undefined
    return { name, members: membersOf(name, manifests), isSynchronous }
  })
}

function votersOf(
  { allocations }: Pick<Snapshot, 'allocations'>,
  manifests: ReadonlyMap<string, Manifest>,
): readonly EtcdDoor[] {
  return (allocations.etcd?.members ?? []).flatMap(({ nodeId }): EtcdDoor[] => {
    const etcd = manifests.get(nodeId)?.watches.etcd
    return etcd === undefined ? [] : [{ nodeId, etcd }]
  })
}

import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import type { InstanceWatch, Manifest } from '../../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../../shared/domain/observation.ts'
import type { Observations } from '../conditions.ts'

/** A member of a cluster, and where its parts are found on its node. */
export interface Member {
  readonly nodeId: NodeId
  readonly instance: InstanceName
  readonly watch: InstanceWatch
}

/** In the order of nodes. Throws `not-found` when nobody has the cluster. Pure. */
export function membersOf(cluster: ClusterName, manifests: ReadonlyMap<NodeId, Manifest>): readonly Member[] {
  const members = [...manifests].flatMap(([nodeId, { watches }]) =>
    watches.instances
      .filter(watch => watch.cluster === cluster)
      .map((watch): Member => ({ nodeId, instance: watch.instance, watch })),
  )
  if (members.length === 0)
    throw new DroverError('not-found', `there is no cluster ${cluster}`, { hint: 'drover cluster list' })
  return members
}

/** What its agent sees of it now; undefined when that is not known. */
export function seenOf({ nodeId, instance }: Member, observations: Observations): InstanceObservation | undefined {
  return observations.get(nodeId)?.instances.find(each => each.instance === instance)
}

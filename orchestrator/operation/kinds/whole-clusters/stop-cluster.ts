import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { clusterOf, readApplied } from './applied.ts'
import { plannedKind } from './planned-kind.ts'

/** `drover cluster stop`: it stands still, with everything in place, through every apply until it is started. */
export const stopCluster = plannedKind({
  kind: 'stop-cluster',
  request: z.strictObject({ cluster: z.string() }),
  async ask({ cluster }, { fleet }) {
    const applied = await readApplied(fleet)
    const { hibernated, bootstrapped, members } = clusterOf(applied, cluster)
    if (!bootstrapped)
      throw new DroverError('conflict', `cluster ${cluster} is only being made`, { hint: 'drover apply -f FILE' })
    if (hibernated !== undefined && hibernated.starting !== true && !isRunning(cluster, applied.snapshot.nodes))
      throw new DroverError('conflict', `cluster ${cluster} is stopped already`, {
        retryable: false,
        hint: `drover cluster start ${cluster}`,
      })
    const instances = members.map(({ instance }) => instance)
    return {
      clusters: [cluster],
      subject: cluster,
      spec: applied.spec,
      intent: { stop: cluster },
      output: { cluster, instances },
    }
  },
})

function isRunning(cluster: string, nodes: readonly { readonly manifest?: { readonly units: readonly Unit[] } }[]) {
  return nodes.some(({ manifest }) =>
    manifest?.units.some(({ name, state }) => state === 'started' && name.startsWith(`drover-patroni@${cluster}-`)),
  )
}

interface Unit {
  readonly name: string
  readonly state: string
}

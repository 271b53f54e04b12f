import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { onRequest } from '../requested-kind.ts'
import { reinit } from './reinit.ts'

/** `drover cluster reinit`. */
export const requestedReinit = onRequest({
  kind: reinit,
  request: z.strictObject({ cluster: z.string(), instance: z.string(), confirm: z.string().optional() }),
  async prepare({ cluster, instance, confirm }, { fleet }) {
    const { durability } = await findCluster(cluster, fleet)
    if (confirm !== undefined && confirm !== instance)
      throw new DroverError('invalid', `${JSON.stringify(confirm)} confirms nothing: the member is ${instance}`)
    const { allocations } = await fleet.snapshot({})
    const members = allocations.clusters[cluster]?.members ?? []
    return {
      subject: instance,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: {
        cluster,
        instance,
        confirmed: confirm !== undefined,
        durability,
        mayConfirm: members.filter(({ group }) => group === undefined).map(member => member.instance),
      },
    }
  },
})

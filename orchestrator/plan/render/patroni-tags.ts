import { isReserved, type TopologyMember } from '../topology/cluster-topology.ts'
import type { YamlValue } from './yaml.ts'

/**
 * What Patroni may do with a member. Only a full member may become primary or confirm a commit. A reserved one says `no` to
 * whoever asks Patroni for a replica, and nobody is cloned from one that lags on purpose.
 */
export function patroniTags(member: TopologyMember): { readonly tags?: YamlValue } {
  if (member.purpose === 'member') return {}
  return {
    tags: {
      nofailover: true,
      nosync: true,
      ...(isReserved(member) ? { noloadbalance: true } : {}),
      ...(member.purpose === 'delayed' ? { clonefrom: false } : {}),
    },
  }
}

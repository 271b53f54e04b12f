import { isReserved, type TopologyMember } from '../topology/cluster-topology.ts'
import type { YamlValue } from './yaml.ts'

/**
 * What Patroni may do with a member. Only a full member may become primary or confirm a commit. A reserved one says `no` to
 * whoever asks Patroni for a replica, and nobody is cloned from one that lags on purpose. New members are copied from any
 * other standby rather than from the primary.
 */
export function patroniTags(member: TopologyMember, withdrawn = false): { readonly tags?: YamlValue } {
  if (withdrawn) return { tags: { nofailover: true, nosync: true, noloadbalance: true, clonefrom: false } }
  if (member.purpose === 'member') return { tags: { clonefrom: true } }
  return {
    tags: {
      nofailover: true,
      nosync: true,
      ...(isReserved(member) ? { noloadbalance: true } : {}),
      ...(member.purpose === 'delayed' ? { clonefrom: false } : {}),
      ...(member.purpose === 'replica' ? { clonefrom: true } : {}),
    },
  }
}

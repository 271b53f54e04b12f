import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import type { Component } from '../../../../shared/domain/component.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import { hostUnit } from '../campaign/host-unit.ts'
import type { ComponentHost } from './upgrade-components.ts'

/** A host whose turn a component waits for. */
export interface HostUnit extends CampaignCluster {
  /** With a member on it: each is in the hands of one host at a time. */
  readonly clusters: readonly ClusterName[]
}

/** A host that is not known has no cluster and no label. */
export function hostUnitOf(name: string, hosts: readonly ComponentHost[]): HostUnit {
  const { id, labels, clusters } = hosts.find(host => host.name === name) ?? { id: name, labels: {}, clusters: [] }
  return { ...hostUnit({ id, name, labels }), clusters }
}

/** What holds whatever the caps say: a majority of etcd's voters is always there, and a cluster has one host at a time that is not. Pure. */
export function whyNotBeside(component: Component): (unit: HostUnit, others: readonly HostUnit[]) => string | null {
  return ({ clusters }, others) => {
    const [first] = others
    if (component === 'etcd' && first !== undefined)
      return `one voter of etcd at a time, and ${first.name} is under way`
    for (const { name, clusters: held } of others) {
      const shared = held.find(cluster => clusters.includes(cluster))
      if (shared !== undefined) return `${shared} is under way on ${name}`
    }
    return null
  }
}

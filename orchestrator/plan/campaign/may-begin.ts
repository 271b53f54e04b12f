import type {
  CampaignCaps,
  CampaignCluster,
  CampaignControl,
  MaintenanceWindow,
} from '../../../shared/domain/campaign.ts'
import { isOpen } from './maintenance-window.ts'

/**
 * Why a cluster, or a host, cannot begin now, in one phrase; null: it can. `underWay` are the others that have begun and not ended. Caps may be
 * lowered at any time: what is under way goes on. Pure.
 */
export function whyNotBegin(
  cluster: CampaignCluster,
  given: {
    readonly underWay: readonly CampaignCluster[]
    readonly control: CampaignControl
    readonly windows: readonly MaintenanceWindow[]
    /** Unix milliseconds. */
    readonly now: number
  },
): string | null {
  const { underWay, control, windows, now } = given
  if (control.paused) return 'the campaign is paused'
  if (windows.length > 0 && !windows.some(window => isOpen(window, now))) return 'no maintenance window is open'
  return fullest(cluster, underWay, control.caps)
}

function fullest(cluster: CampaignCluster, underWay: readonly CampaignCluster[], caps: CampaignCaps): string | null {
  if (underWay.length >= caps.fleet) return `${underWay.length} are under way`
  for (const { id } of cluster.nodes) {
    const there = underWay.filter(({ nodes }) => nodes.some(node => node.id === id)).length
    if (there >= caps.node) return `${there} on the same node are under way`
  }
  for (const [label, most] of Object.entries(caps.labels)) {
    for (const value of new Set(cluster.nodes.flatMap(({ labels }) => labels[label] ?? []))) {
      const there = underWay.filter(({ nodes }) => nodes.some(({ labels }) => labels[label] === value)).length
      if (there >= most) return `${there} in ${label} ${value} are under way`
    }
  }
  return null
}

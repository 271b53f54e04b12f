import { z } from 'zod'
import type {
  CampaignCaps,
  CampaignCluster,
  CampaignPolicy,
  MaintenanceWindow,
} from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { UpgradePolicy } from '../../../../shared/domain/spec.ts'
import { parseWindow } from '../../../plan/campaign/maintenance-window.ts'

const DEFAULTS = { soakSeconds: 600, budget: 0, atOnce: 4, perNode: 1 }

const positive = z.int().min(1)
const names = z.array(z.string())

/** How many at once, as somebody has said it; what is absent stays as it is. */
export const capsRequest = z.strictObject({
  fleet: positive.optional(),
  node: positive.optional(),
  labels: z.record(z.string(), positive).optional(),
})

/** What somebody has said of one upgrade; what is absent is as the fleet file says. */
export const policyRequest = z.strictObject({
  canaries: names.optional(),
  stages: z.array(names).optional(),
  by: z.string().optional(),
  soakSeconds: z.number().min(0).optional(),
  windows: names.optional(),
  budget: z.int().min(0).optional(),
  caps: capsRequest.optional(),
})

export type PolicyRequest = z.output<typeof policyRequest>

/**
 * What is said for this upgrade wins over what the fleet file says, and that over what is usual; lists and maps as a whole. Throws
 * `invalid` for a window that is none. Pure.
 */
export function policyOf(
  request: PolicyRequest,
  file: UpgradePolicy,
  clusters: readonly CampaignCluster[],
): { readonly policy: CampaignPolicy; readonly caps: CampaignCaps } {
  const by = request.by ?? file.by
  const canaries = given(request.canaries) ?? file.canaries ?? []
  const stages = given(request.stages) ?? file.stages ?? []
  const windows = given(request.windows) ?? file.windows ?? []
  const { caps = {} } = request
  const labels = caps.labels !== undefined && Object.keys(caps.labels).length > 0 ? caps.labels : (file.per ?? {})
  return {
    policy: {
      canaries: namesOf(canaries, clusters),
      stages: stages.map(stage => namesOf(stage, clusters)),
      ...(by === undefined ? {} : { by }),
      soakMs: (request.soakSeconds ?? file.soakSeconds ?? DEFAULTS.soakSeconds) * 1000,
      windows: windows.map(readWindow),
      budget: request.budget ?? file.budget ?? DEFAULTS.budget,
    },
    caps: {
      fleet: caps.fleet ?? file.atOnce ?? DEFAULTS.atOnce,
      node: caps.node ?? file.perNode ?? DEFAULTS.perNode,
      labels,
    },
  }
}

/** True for `label=value` when all nodes of the cluster have it. Pure. */
export function hasLabel({ nodes }: CampaignCluster, word: string): boolean {
  const cut = word.indexOf('=')
  if (cut < 0) return false
  const [label, value] = [word.slice(0, cut), word.slice(cut + 1)]
  return nodes.length > 0 && nodes.every(({ labels }) => labels[label] === value)
}

/** In the order of the words; each cluster once. Names of clusters that this upgrade does not take are left out. */
function namesOf(words: readonly string[], clusters: readonly CampaignCluster[]): readonly ClusterName[] {
  const found = words.flatMap(word =>
    clusters.filter(cluster => cluster.name === word || hasLabel(cluster, word)).map(({ name }) => name),
  )
  return [...new Set(found)]
}

function given<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list
}

function readWindow(text: string): MaintenanceWindow {
  const window = parseWindow(text)
  if (window !== undefined) return window
  throw new DroverError('invalid', `${JSON.stringify(text)} is no maintenance window`, {
    hint: 'Sat,Sun 02:00-06:00 Europe/Berlin',
  })
}

import type { CampaignPlan, ClusterPreflight } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { firstFew } from '../../../../shared/lib/first-few.ts'
import { whyHeld } from '../../../plan/campaign/held-releases.ts'
import type { ReleaseNote } from '../../../plan/campaign/release-notes.ts'
import type { ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'
import { sceneOf, targetOf } from '../upgrade/choose-target.ts'
import type { Offers } from '../upgrade/target.ts'
import type { CampaignInput } from './campaign.ts'
import { delayedMembers } from './delayed-members.ts'
import { heardSnapshot } from './heard-snapshot.ts'
import { checkCluster } from './preflight.ts'

/** Looks at every cluster before anything changes. */
export function lookAtAll(input: CampaignInput): ProgramStep<CampaignPlan> {
  return {
    title: `look at ${input.clusters.length} clusters`,
    async act(context) {
      const snapshot = await heardSnapshot(context.fleet, context.signal)
      const findings = await context.health.findings()
      const held = await context.fleet.heldReleases()
      const offers = await offersFor(input, snapshot, context)
      const delayed = new Set(delayedMembers(snapshot))
      const clusters = input.clusters.map((cluster): ClusterPreflight => {
        const target = targetFor(cluster.name, input, snapshot, offers)
        const because = target instanceof DroverError ? undefined : whyHeld(target.serverVersion, held, input.allowHeld)
        return checkCluster(cluster, {
          snapshot,
          findings,
          delayed,
          target,
          ...(because === undefined ? {} : { held: because }),
        })
      })
      const refused = clusters.filter(each => each.refused).length
      return {
        result: { waves: input.waves, clusters },
        detail: refused === 0 ? 'nothing speaks against it' : `${refused} clusters cannot be upgraded now`,
      }
    },
  }
}

/** What else is known of the fleet that the judgement needs. */
export interface Circumstances {
  readonly nodeNames: Readonly<Record<NodeId, string>>
  /** Members that stay behind on purpose. */
  readonly delayed: readonly InstanceName[]
  /** What people of the fleet have written of releases. */
  readonly notes: readonly ReleaseNote[]
}

export function findCircumstances(): ProgramStep<Circumstances> {
  return {
    title: 'find who stays behind on purpose',
    async act({ fleet }) {
      const delayed = delayedMembers(await fleet.snapshot({}))
      const nodeNames = Object.fromEntries(await fleet.nodeNames())
      return {
        result: { nodeNames, delayed, notes: await fleet.releaseNotes() },
        detail: delayed.join(', ') || 'nobody',
      }
    },
  }
}

/** Throws `conflict` with what speaks against it. */
export function refuseUnfit({ clusters }: CampaignPlan): void {
  const unfit = clusters.filter(({ refused }) => refused)
  if (unfit.length === 0) return
  const said = unfit.map(({ cluster, checks }) => {
    const first = checks.find(({ grade }) => grade === 'refuse')
    return `${cluster}: ${first?.what} ${first?.detail}`
  })
  throw new DroverError('conflict', `nothing was begun: ${firstFew(said, 3)}`, {
    retryable: false,
    hint: 'drover upgrade plan shows all of it',
  })
}

/** By OS, one question for all packages. */
export async function offersFor(
  { clusters }: CampaignInput,
  snapshot: Snapshot,
  { shelf, signal }: StepContext,
): Promise<Readonly<Record<string, Offers>>> {
  const scenes = clusters.flatMap(({ name }) => {
    try {
      return [sceneOf(name, snapshot)]
    } catch {
      // Told by its own look.
      return []
    }
  })
  const byOs = Map.groupBy(scenes, ({ os }) => os)
  const asked = [...byOs].map(async ([os, all]) => {
    const names = [...new Set(all.flatMap(scene => scene.names))].sort()
    return [os, await shelf.offers(os, names, signal)] as const
  })
  return Object.fromEntries(await Promise.all(asked))
}

function targetFor(
  cluster: ClusterName,
  { to }: CampaignInput,
  snapshot: Snapshot,
  offers: Readonly<Record<string, Offers>>,
): { readonly serverVersion: string } | DroverError {
  try {
    const scene = sceneOf(cluster, snapshot)
    return targetOf({ cluster, ...(to === undefined ? {} : { to }) }, scene, offers[scene.os] ?? {}, snapshot)
  } catch (error) {
    return DroverError.from(error)
  }
}

import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { NodeObservation } from '../../shared/domain/observation.ts'
import { putFsync } from '../inventory/facts-store.ts'
import { readCampaignControl } from '../inventory/fleet-campaign.ts'
import {
  type FleetState,
  forgetBootstrapped,
  putAllocations,
  putAppliedSettings,
  putAppliedSpec,
  putBootstrapped,
  putExplanations,
  putManifest,
} from '../inventory/fleet-state.ts'
import { readHeldReleases } from '../inventory/held-releases.ts'
import type { LiveNode } from '../inventory/live-nodes.ts'
import { putNodeState } from '../inventory/node-state.ts'
import { readReleaseNotes } from '../inventory/release-notes.ts'
import { buildSnapshot, type SnapshotPackages, type SnapshotSources } from '../inventory/snapshot-builder.ts'
import type { FleetAccess } from './dependencies.ts'

/** An agent reports at least each ten seconds; what is older says nothing about now. */
const FRESH_MS = 15_000
/** Observations also go stale without anything happening. */
const STALENESS_CHECK_MS = 1000

/** The engine's view of the inventory. */
export function createFleetAccess(
  sources: SnapshotSources & {
    readonly state: FleetState
    readonly sessions: { end(nodeId: NodeId, why: string): void; requestState(nodeId: NodeId): void }
    readonly repository: () => SnapshotPackages['repository']
  },
): FleetAccess {
  const { store, registry, live, state, clock } = sources
  /** Of the last look: a change that comes between a look and the wait for the next one ends that wait at once. */
  let seen = live.changes.version

  return {
    async snapshot(packages) {
      return buildSnapshot(sources, { packages, repository: sources.repository() })
    },
    observations() {
      seen = live.changes.version
      return new Map(live.ids().flatMap(id => freshObservation(live.get(id)).map(content => [id, content] as const)))
    },
    async observed(signal) {
      await live.changes
        .after(seen, AbortSignal.any([signal, AbortSignal.timeout(STALENESS_CHECK_MS)]))
        .catch(() => undefined)
      // Whoever waited looks now, be it by `observations` or `snapshot`: what has come up to here wakes nobody again.
      seen = live.changes.version
    },
    lookAgain(nodeIds) {
      for (const id of nodeIds) sources.sessions.requestState(id)
    },
    async agent(nodeId) {
      const stored = await registry.get(nodeId)
      if (stored === null) return null
      return { version: stored.record.agentVersion, connected: live.get(nodeId).connected }
    },
    async nodeNames() {
      return new Map((await registry.list()).map(({ id, name }) => [id, name]))
    },
    async recordManifest(nodeId, manifest, operationId) {
      await store.txn({ success: [putManifest(nodeId, { manifest, operationId, appliedAt: clock.now() })] })
    },
    async putNodeState(nodeId, state) {
      const stored = await registry.get(nodeId)
      if (stored === null) throw new DroverError('not-found', `there is no node ${nodeId}`)
      return putNodeState(stored.record, state)
    },
    disconnect: nodeId => sources.sessions.end(nodeId, 'the node has been removed'),
    async manifest(nodeId) {
      return (await state.manifest(nodeId))?.manifest ?? null
    },
    async manifests() {
      const [records, applied] = await Promise.all([registry.list(), state.manifests()])
      const pairs = records.flatMap(({ id }) => {
        const found = applied.get(id)
        return found === undefined ? [] : [[id, found.manifest] as const]
      })
      return new Map(pairs)
    },
    heldReleases: () => readHeldReleases(store),
    releaseNotes: () => readReleaseNotes(store),
    campaignControl: id => readCampaignControl(store, id),
    putAllocations,
    putBootstrapped,
    forgetBootstrapped,
    putFsync,
    putExplanations: ({ placements, settings }) => putExplanations({ placements, settings }),
    putAppliedSpec,
    putAppliedSettings,
  }

  function freshObservation({ connected, isCurrent, observation }: LiveNode): NodeObservation[] {
    return connected &&
      isCurrent === true &&
      observation !== undefined &&
      clock.now() - observation.receivedAt < FRESH_MS
      ? [observation.content]
      : []
  }
}

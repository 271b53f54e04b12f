import { expect } from 'vitest'
import type { FleetClient } from '../../../shared/wire/services.ts'
import type { CrashFleet } from './crash-fleet.ts'
import { calm } from './crash-matrix.ts'
import { isPaused, running } from './fake-cluster.ts'
import type { WorldState } from './fake-world.ts'
import { FIRST_SPEC } from './specs.ts'

export const CLUSTER = 'pg-main'

export async function begin(api: FleetClient, kind: string, request: object): Promise<string> {
  return (await api.StartOperation({ kind, requestJson: JSON.stringify(request) })).operationId
}

/** What the orchestrator shows of the cluster and of the hosts, when all is calm. */
export interface Seen {
  readonly primary: string
  /** By instance: its node. */
  readonly members: ReadonlyMap<string, string>
  readonly standbys: readonly string[]
  /** Ready hosts without a member. */
  readonly free: readonly string[]
  readonly draining: readonly string[]
  readonly tombstones: readonly string[]
}

export async function look(fleet: CrashFleet): Promise<Seen> {
  const { clusters, nodes, tombstones } = await fleet.insist(api => api.Status({}))
  const { members = [], primary = '' } = clusters.find(({ name }) => name === CLUSTER) ?? {}
  const taken = new Set(members.map(({ node }) => node))
  const named = (state: string) => nodes.filter(node => node.state === state).map(({ name }) => name)
  return {
    primary,
    members: new Map(members.map(({ name, node }) => [name, node])),
    standbys: members.map(({ name }) => name).filter(name => name !== primary),
    free: named('ready').filter(name => !taken.has(name)),
    draining: named('draining'),
    tombstones: tombstones.map(({ instance }) => instance),
  }
}

/** One operation that has nothing to do with the story. */
export async function play(fleet: CrashFleet, kind: string, request: object): Promise<void> {
  await done(fleet, api => begin(api, kind, request))
}

async function done(fleet: CrashFleet, ask: (api: FleetClient) => Promise<string>): Promise<void> {
  const { failure } = await fleet.toItsEnd(ask)
  expect(failure).toBeNull()
  await calm(fleet)
}

export type Stage = 'running' | 'paused' | 'stopped' | 'removed'

/** Brings the cluster to this stage, from wherever a former story has left it. */
export async function toStage(fleet: CrashFleet, wanted: Stage): Promise<void> {
  for (let stage = await stageOf(fleet); stage !== wanted; stage = await stageOf(fleet))
    if (stage === 'nothing') await makeCluster(fleet)
    else if (stage === 'paused') await play(fleet, 'unpause', { cluster: CLUSTER })
    else if (stage === 'stopped') await play(fleet, 'start-cluster', { cluster: CLUSTER })
    else if (stage === 'removed') await play(fleet, 'undo-remove', { cluster: CLUSTER })
    else if (wanted === 'paused') await play(fleet, 'pause', { cluster: CLUSTER, forMs: 3_600_000 })
    else if (wanted === 'stopped') await play(fleet, 'stop-cluster', { cluster: CLUSTER })
    else await play(fleet, 'remove-cluster', REMOVAL)
}

export const REMOVAL = { cluster: CLUSTER, confirm: CLUSTER, withoutBackup: true }

export async function makeCluster(fleet: CrashFleet): Promise<void> {
  await applied(fleet, { specYaml: FIRST_SPEC })
}

/** As the file says; there may be nothing to do. */
export async function applied(
  fleet: CrashFleet,
  wanted: { readonly specYaml: string; readonly restart?: boolean },
): Promise<void> {
  const request = { fileName: 'fleet.yml', ...wanted }
  const { changes } = await fleet.insist(api => api.Plan(request))
  if (changes.length > 0) await done(fleet, async api => (await api.Apply(request)).operationId)
}

/** It runs, with a host to spare, and nothing is left of former rounds. */
export async function tidied(fleet: CrashFleet): Promise<Seen> {
  await toStage(fleet, 'running')
  for (const node of (await look(fleet)).draining) await play(fleet, 'undrain', { node })
  for (const name of (await look(fleet)).tombstones) await play(fleet, 'purge', { name, confirm: name })
  await applied(fleet, { specYaml: FIRST_SPEC })
  return await look(fleet)
}

async function stageOf(fleet: CrashFleet): Promise<Stage | 'nothing'> {
  const { clusters, removed } = await fleet.insist(api => api.Status({}))
  const cluster = clusters.find(({ name }) => name === CLUSTER)
  if (cluster === undefined) return removed.length === 0 ? 'nothing' : 'removed'
  if (cluster.state === 'hibernated') return 'stopped'
  return isPaused(fleet.world.state(), CLUSTER) ? 'paused' : 'running'
}

/** Everything is as the file says. */
export async function expectSettled(fleet: CrashFleet, specYaml: string = FIRST_SPEC): Promise<void> {
  const plan = await fleet.insist(api => api.Plan({ specYaml, fileName: 'fleet.yml' }))
  expect(plan.changes).toEqual([])
}

/** Members whose servers are started, by name. */
export function runningIn({ manifests }: WorldState): readonly string[] {
  return Object.values(manifests)
    .flatMap(running)
    .map(({ instance }) => instance)
    .sort()
}

export function leaderOf({ clusters }: WorldState): string {
  return clusters[CLUSTER]?.leader ?? ''
}

export function timelineOf({ clusters }: WorldState): number {
  return clusters[CLUSTER]?.timeline ?? 0
}

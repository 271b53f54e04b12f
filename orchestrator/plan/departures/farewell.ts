import { assertNever, DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { PlanPhase, PlanStep } from '../../../shared/domain/plan.ts'
import type { DepartedMember, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterWork, WorkInput } from '../cluster-work.ts'
import { ruleKeys } from '../commit-rule-steps.ts'
import type { ManifestWalk } from '../manifest-walk.ts'
import type { NodeWork } from '../node-work.ts'
import { changeSync } from '../topology/sync-change.ts'
import { type SyncStep, standbysOf } from '../topology/sync-state.ts'
import { clientWaitPhases } from './client-waits.ts'
import { commitChange } from './commit-change.ts'

const WITHDRAWN_TIMEOUT = 120_000
/** A standby may have to catch up with whatever was written while nobody waited for it. */
const CONFIRMING_TIMEOUT = 600_000

export interface FarewellInput {
  readonly input: WorkInput
  readonly clusters: readonly ClusterWork[]
  readonly nodes: readonly NodeWork[]
  readonly walk: ManifestWalk
}

/**
 * How members leave a cluster that goes on, after those that take their place are there: others confirm commits in their
 * stead; then they may confirm and be promoted no more, which is waited for; then the others forget them; then they are
 * stopped and their configuration goes. From the moment they are withdrawn stopping them harms nobody, wherever an apply is
 * interrupted. `roll` takes one node to its final manifest and waits for what runs there.
 */
export function farewellPhases(
  { input, clusters, nodes, walk }: FarewellInput,
  roll: (work: NodeWork, later: readonly NodeWork[]) => readonly PlanPhase[],
): readonly PlanPhase[] {
  const leaving = new Set(input.leaving.members.map(({ nodeId }) => nodeId))
  const withdrawals = leaving.size === 0 ? [] : withdrawPhases({ input, clusters, nodes, walk })
  const waits = clientWaitPhases({ input, nodes, walk })
  const order = nodes.toSorted((left, right) => Number(leaving.has(left.node.id)) - Number(leaving.has(right.node.id)))
  const rolls = leaving.size === 0 ? [] : order.flatMap((work, index) => roll(work, order.slice(index + 1)))
  const stopped = markable(input.allocations.departed ?? [], input.snapshot)
  return [
    ...withdrawals,
    ...waits,
    ...rolls,
    ...forgetPhases(input),
    {
      name: 'begin tombstones',
      steps: stopped.length === 0 ? [] : [{ kind: 'mark-departed', instances: stopped }],
    },
    { name: 'settle when commits are done', steps: clusters.flatMap(work => settleRule(work, input)) },
  ]
}

/** Patroni would keep a slot, and WAL with it, for a member that does not come back. */
function forgetPhases({ leaving, snapshot, allocations }: WorkInput): readonly PlanPhase[] {
  const gone = leaving.members.filter(({ cluster }) => allocations.clusters[cluster]?.bootstrapped === true)
  const voter = allocations.etcd?.members.find(({ nodeId }) =>
    snapshot.nodes.some(({ id, state }) => id === nodeId && (state === 'ready' || state === 'draining')),
  )
  return [
    {
      name: 'forget members',
      steps:
        voter === undefined
          ? []
          : gone.map(({ cluster, instance }) => ({
              kind: 'forget-scope',
              nodeId: voter.nodeId,
              cluster,
              member: instance,
            })),
    },
    {
      name: 'release slots',
      steps: gone.map(({ cluster, instance }) => ({ kind: 'release-slot', cluster, member: instance })),
    },
  ]
}

/** What is on a node that cannot be reached has not been stopped; what was on one that is no more has. */
function markable(departed: readonly DepartedMember[], { nodes }: Snapshot): readonly InstanceName[] {
  const away = new Set(nodes.flatMap(({ id, state }) => (state === 'ready' || state === 'draining' ? [] : [id])))
  return departed.flatMap(({ instance, stopped, nodeId }) =>
    stopped === undefined && !away.has(nodeId) ? [instance] : [],
  )
}

/** All clusters side by side, step by step. */
function withdrawPhases({ input, clusters, nodes, walk }: FarewellInput): readonly PlanPhase[] {
  const sequences = clusters.map(work => {
    const change = commitChange(work, input)
    return change === undefined
      ? { work, stay: [], go: [], steps: [] }
      : {
          work,
          stay: change.stay,
          go: standbysOf(change.observed).filter(each => !change.stay.includes(each)),
          steps: [...changeSync(change.observed, change.wanted)],
        }
  })
  const length = Math.max(0, ...sequences.map(({ steps }) => steps.length))
  const withdrawn = new Set<InstanceName>()
  return Array.from({ length }, (_, index) => {
    const now = sequences.flatMap(({ work, stay, go, steps }) => {
      const step = steps[index]
      const leavers = go.filter(each => !withdrawn.has(each)).length
      return step === undefined ? [] : [{ work, stay, leavers, step }]
    })
    for (const { step } of now) if (step.kind === 'withdraw') withdrawn.add(step.instance)
    const touched = nodes.filter(({ node }) =>
      input.leaving.members.some(({ instance, nodeId }) => nodeId === node.id && withdrawn.has(instance)),
    )
    const converges = touched.flatMap(work => walk.to(work, work.withdrawn(withdrawn)))
    const waits = now.flatMap(({ work, step }) =>
      step.kind === 'withdraw' ? [withdrawnStep(work, step.instance)] : [],
    )
    return [
      { name: 'withdraw members', steps: [...now.flatMap(each => commitSteps(each)), ...converges] },
      { name: 'wait until they are withdrawn', steps: waits },
    ]
  }).flat()
}

function withdrawnStep({ cluster }: ClusterWork, instance: InstanceName): PlanStep {
  return {
    kind: 'await',
    condition: { kind: 'withdrawn', cluster: cluster.name, instance },
    timeoutMs: WITHDRAWN_TIMEOUT,
  }
}

function commitSteps({
  work: { cluster },
  stay,
  leavers,
  step,
}: {
  readonly work: ClusterWork
  /** Reachable members that stay or take somebody's place. */
  readonly stay: readonly InstanceName[]
  /** How many may still confirm although they leave: Patroni chooses them as gladly as others. */
  readonly leavers: number
  readonly step: SyncStep
}): readonly PlanStep[] {
  switch (step.kind) {
    case 'set-rule':
      return [{ kind: 'configure-patroni', cluster: cluster.name, patch: ruleKeys(step.rule) }]
    case 'await-confirming':
      return [
        {
          kind: 'await',
          condition: {
            kind: 'members-streaming',
            cluster: cluster.name,
            instances: stay,
            syncStandbys: Math.max(0, Math.min(step.standbys - leavers, stay.length - 1)),
          },
          timeoutMs: CONFIRMING_TIMEOUT,
        },
      ]
    case 'withdraw':
    // Patroni lets nobody in that has not caught up.
    case 'await-caught-up':
    case 'admit':
      return []
    case 'switchover':
      throw new DroverError('internal', `the primary of ${cluster.name} is among those that leave`)
    default:
      return assertNever(step)
  }
}

/** Last, and also when an earlier apply was interrupted between the steps above. */
function settleRule({ cluster }: ClusterWork, input: WorkInput): readonly PlanStep[] {
  const isLeft = input.leaving.members.some(member => member.cluster === cluster.name && member.group === undefined)
  if (!isLeft || cluster.standbyOf !== undefined) return []
  const settings = input.settings[cluster.name] ?? {}
  const patch = input.renderer.patroniDynamicConfig({ cluster, settings, bootstrap: false, fleet: input })
  return [{ kind: 'configure-patroni', cluster: cluster.name, patch }]
}

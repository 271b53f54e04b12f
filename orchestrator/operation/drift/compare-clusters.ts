import type { ClusterDrift } from '../../../shared/domain/cluster-drift.ts'
import type { ClusterName, OperationId } from '../../../shared/domain/ids.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import { eachAtMost } from '../../../shared/lib/each-at-most.ts'
import type { LiveNodes } from '../../inventory/live-nodes.ts'
import type { Store } from '../../store/store.ts'
import { comparisonId } from '../compare-hosts.ts'
import type { CommandRunner } from '../dependencies.ts'
import { clusterLock, excludes, heldLocks } from '../journal.ts'
import type { Secrets } from '../secrets.ts'
import { compareCluster, type SeenCluster } from './compare-cluster.ts'
import { type Expectation, expectationOf, type MemberFile, memberFile } from './expectation.ts'
import { createObjectDifferences } from './object-differences.ts'
import { leaderOf, type SeenMember } from './topology-drift.ts'

/**
 * Clusters against what was applied, from what agents have told last; only of users and databases that have changed since they were
 * compared is somebody asked. A cluster that was not applied yet, stands still, or is just being changed, is not in the answer.
 */
export type CompareClusters = (request: {
  readonly snapshot: Snapshot
  /** Absent: all. */
  readonly clusters?: readonly ClusterName[]
  readonly withinMs: number
  readonly signal: AbortSignal
}) => Promise<ReadonlyMap<ClusterName, ClusterDrift>>

const AT_MOST = 50
const LEAST_MS = 200

export function createCompareClusters(tools: {
  readonly runner: CommandRunner
  readonly secrets: Secrets
  readonly live: LiveNodes
  readonly store: Pick<Store, 'range'>
  readonly newId: () => string
  readonly clock: Pick<Clock, 'monotonic'>
}): CompareClusters {
  const { live, clock } = tools
  const differences = createObjectDifferences(tools)
  let files = new Map<string, MemberFile>()

  return async ({ snapshot, clusters, withinMs, signal }) => {
    const found = new Map<ClusterName, ClusterDrift>()
    const endsAt = clock.monotonic() + withinMs
    const operationId = comparisonId(tools.newId())
    const held = await heldLocks(tools.store)
    const used = new Map<string, MemberFile>()
    const read = (text: string): MemberFile => {
      const file = files.get(text) ?? memberFile(text)
      used.set(text, file)
      return file
    }
    const wanted = (snapshot.appliedSpec?.clusters ?? []).flatMap(({ name }) => {
      const isChanging = held.some(lock => excludes(lock, clusterLock(name)))
      return (clusters?.includes(name) ?? true) && !isChanging ? (expectationOf(name, snapshot, read) ?? []) : []
    })
    // Whoever asks for everything says what is still worth keeping.
    files = clusters === undefined ? used : new Map([...files, ...used])
    let hasAsked = false
    try {
      await eachAtMost({
        items: wanted,
        atMost: AT_MOST,
        work: async expectation => {
          const members = expectation.members.map(member => seenMember(member))
          const leader = leaderOf(members)
          const objects = await objectsOf({
            expectation,
            leader,
            timeoutMs: endsAt - clock.monotonic(),
            operationId,
            signal,
          })
          hasAsked ||= objects !== undefined
          const seen: SeenCluster = { members, ...(objects === undefined ? {} : { objects }) }
          found.set(expectation.cluster.name, compareCluster(expectation, seen))
        },
      })
    } finally {
      if (hasAsked) await tools.runner.forget(operationId)
    }
    return found
  }

  function seenMember(expected: Expectation['members'][number]): SeenCluster['members'][number] {
    const { nodeId, instance } = expected
    const node = live.get(nodeId)
    if (!node.connected) return { expected, why: 'its node is not connected' }
    const observed = node.observation?.content.instances.find(each => each.instance === instance)
    const { survey, why, toldAt } = live.looks.server(nodeId, instance) ?? {}
    return {
      expected,
      ...(observed === undefined ? {} : { observed }),
      ...(survey === undefined ? {} : { survey }),
      ...(why === undefined ? {} : { why }),
      ...(toldAt === undefined ? {} : { toldAt }),
    }
  }

  async function objectsOf(question: {
    readonly expectation: Expectation
    readonly leader: SeenMember | undefined
    readonly timeoutMs: number
    readonly operationId: OperationId
    readonly signal: AbortSignal
  }): Promise<SeenCluster['objects']> {
    const { expectation, leader, timeoutMs, operationId, signal } = question
    if (expectation.provision === undefined || leader === undefined) return undefined
    const { nodeId, instance } = leader.expected
    const digest = live.looks.server(nodeId, instance)?.contents
    if (digest === undefined) return { why: 'they have not been looked at yet' }
    if (timeoutMs < LEAST_MS) return { why: 'their turn did not come in time' }
    return differences({
      cluster: expectation.cluster.name,
      nodeId,
      instance,
      args: expectation.provision(instance),
      digest,
      operationId,
      timeoutMs,
      signal,
    })
  }
}

import type { CampaignCluster, Check, ClusterPreflight } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeFacts } from '../../../../shared/domain/facts.ts'
import type { Finding } from '../../../../shared/domain/health.ts'
import type { InstanceName } from '../../../../shared/domain/ids.ts'
import { isRunning } from '../../../../shared/domain/observation.ts'
import type { Snapshot, SnapshotNode } from '../../../../shared/domain/snapshot.ts'

/** What a runtime takes at most, with room to unpack it: servers with PostGIS are about 100 MB. */
const ROOM_BYTES = 512 * 1024 * 1024
const LAG_BYTES = { warn: 64 * 1024 ** 2, refuse: 1024 ** 3 }

/** What can be said of one cluster from what is known, without asking anybody. Pure. */
export function checkCluster(
  cluster: CampaignCluster,
  given: {
    readonly snapshot: Snapshot
    readonly findings: readonly Finding[]
    /** Members that stay behind on purpose. */
    readonly delayed: ReadonlySet<InstanceName>
    /** The version that the cluster is to have, or why there is none. */
    readonly target: { readonly serverVersion: string } | DroverError
    /** Why nobody should move there; absent: no reason is known. */
    readonly held?: string
  },
): ClusterPreflight {
  const { snapshot, findings, delayed, target, held } = given
  const nodes = cluster.nodes.flatMap(({ id }) => snapshot.nodes.find(node => node.id === id) ?? [])
  const runs = versionsOf(cluster, nodes)
  const checks = [
    ...targetChecks(target, held),
    ...nodes.flatMap(nodeChecks),
    ...memberChecks(cluster, nodes),
    ...lagChecks(cluster, nodes, delayed),
    ...findings.filter(found => found.severity !== 'info' && concerns(found, cluster)).map(findingCheck),
  ]
  return {
    cluster: cluster.name,
    from: runs,
    ...(target instanceof DroverError ? {} : { to: target.serverVersion }),
    checks,
    refused: checks.some(({ grade }) => grade === 'refuse'),
  }
}

function targetChecks(
  target: { readonly serverVersion: string } | DroverError,
  held: string | undefined,
): readonly Check[] {
  if (target instanceof DroverError) return [{ what: 'version', grade: 'refuse', detail: target.message }]
  if (held === undefined) return [{ what: 'version', grade: 'fine', detail: `${target.serverVersion} is on offer` }]
  return [{ what: 'hold list', grade: 'refuse', detail: `${target.serverVersion} is held: ${held}` }]
}

function nodeChecks(node: SnapshotNode): readonly Check[] {
  const what = `node ${node.name}`
  if (node.state === 'silent' || node.observation === undefined)
    return [{ what, grade: 'refuse', detail: 'its agent is silent' }]
  const free = freeBytes(node.facts)
  if (free !== undefined && free < ROOM_BYTES)
    return [
      {
        what,
        grade: 'refuse',
        detail: `${Math.round(free / 1e6)} MB are free, ${Math.round(ROOM_BYTES / 1e6)} are needed`,
      },
    ]
  return []
}

/** Of the file system that runtimes lie on. */
function freeBytes(facts: NodeFacts | undefined): number | undefined {
  const around = (facts?.filesystems ?? []).filter(({ mount }) =>
    `/var/lib/drover/`.startsWith(mount === '/' ? '/' : `${mount}/`),
  )
  return around.toSorted((left, right) => right.mount.length - left.mount.length)[0]?.availableBytes
}

function memberChecks(cluster: CampaignCluster, nodes: readonly SnapshotNode[]): readonly Check[] {
  const seen = new Map(
    nodes.flatMap(({ observation }) => observation?.instances ?? []).map(each => [each.instance, each]),
  )
  const members = cluster.members.flatMap((instance): readonly Check[] => {
    const now = seen.get(instance)
    const what = `member ${instance}`
    if (now === undefined) return [{ what, grade: 'refuse', detail: 'it is not seen' }]
    if (!isRunning(now.state)) return [{ what, grade: 'refuse', detail: `it is ${now.state}` }]
    if (now.paused === true) return [{ what, grade: 'refuse', detail: 'automatic failover is paused' }]
    if (now.pendingRestart === true) return [{ what, grade: 'refuse', detail: 'settings wait for a restart' }]
    const mute = now.poolers.find(({ up }) => !up)
    return mute === undefined ? [] : [{ what, grade: 'refuse', detail: `its pooler ${mute.name} does not answer` }]
  })
  if (cluster.primaryNode !== undefined) return members
  return [...members, { what: 'primary', grade: 'refuse', detail: 'there is none' }]
}

/** By WAL that the leader has written and a member has not replayed. */
function lagChecks(
  { members, primaryNode }: CampaignCluster,
  nodes: readonly SnapshotNode[],
  delayed: ReadonlySet<InstanceName>,
): readonly Check[] {
  const seen = (node: SnapshotNode) =>
    (node.observation?.instances ?? []).filter(({ instance }) => members.includes(instance))
  const written = nodes.filter(({ id }) => id === primaryNode).flatMap(seen)[0]?.lsn
  if (written === undefined) return []
  return nodes.flatMap(seen).flatMap(({ instance, lsn }): readonly Check[] => {
    const behind = written - (lsn ?? written)
    if (behind <= LAG_BYTES.warn || delayed.has(instance)) return []
    const grade = behind > LAG_BYTES.refuse ? 'refuse' : 'warn'
    return [{ what: `member ${instance}`, grade, detail: `it is ${Math.round(behind / 1024 ** 2)} MiB of WAL behind` }]
  })
}

function findingCheck(found: Finding): Check {
  const isInTheWay = found.blocks.includes('upgrade-cluster')
  return {
    what: `${found.subject.kind} ${found.subject.name}`,
    grade: isInTheWay ? 'refuse' : 'warn',
    detail: found.message,
  }
}

function concerns({ concerns: whom }: Finding, cluster: CampaignCluster): boolean {
  if (whom === undefined) return false
  return 'cluster' in whom ? whom.cluster === cluster.name : cluster.nodes.some(({ id }) => id === whom.nodeId)
}

function versionsOf(cluster: CampaignCluster, nodes: readonly SnapshotNode[]): readonly string[] {
  const instances = nodes.flatMap(({ observation }) => observation?.instances ?? [])
  const own = instances.filter(({ instance }) => cluster.members.includes(instance))
  return [...new Set(own.flatMap(({ serverVersion }) => serverVersion ?? []))].sort()
}

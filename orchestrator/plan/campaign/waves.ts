import type { CampaignCluster, CampaignPolicy, Wave } from '../../../shared/domain/campaign.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'

/** The first wave after the canaries is this part of what is left, and each one twice as large as the one before. */
const FIRST_SHARE = 0.05
const GROWTH = 2

/**
 * Canaries first; then stage after stage, in each value after value of the policy's label, in waves that grow; where nothing else says
 * so, in the order in which they are given. A standby cluster never comes after the cluster that it follows: WAL of a newer minor version may hold what an older one cannot replay. Pure.
 */
export function wavesOf(clusters: readonly CampaignCluster[], policy: CampaignPolicy): readonly Wave[] {
  const known = new Map(clusters.map(cluster => [cluster.name, cluster]))
  const staged = inOrder(clusters, policy)
  const [first] = staged.flatMap(({ clusters: names }) => names)
  if (first === undefined) return []
  const canaries = withFollowers(policy.canaries.length === 0 ? [first] : policy.canaries, known)
  const waves: Wave[] = levels(canaries, known).map(names => ({ name: 'canary', clusters: names }))
  const done = new Set(canaries)
  let size = Math.max(1, Math.ceil((clusters.length - done.size) * FIRST_SHARE))
  for (const stage of staged) {
    const left = withFollowers(stage.clusters, known).filter(name => !done.has(name))
    for (const level of levels(left, known)) {
      for (let start = 0; start < level.length; ) {
        const names = level.slice(start, start + size)
        waves.push({ name: stage.name, clusters: names })
        start += names.length
        size *= GROWTH
      }
    }
    for (const name of left) done.add(name)
  }
  return numbered(waves)
}

interface Stage {
  readonly name: string
  readonly clusters: readonly ClusterName[]
}

/** Each stage split by the label; what no stage names is the last one. */
function inOrder(clusters: readonly CampaignCluster[], { stages, by }: CampaignPolicy): readonly Stage[] {
  const named = new Set(stages.flat())
  const rest = clusters.map(({ name }) => name).filter(name => !named.has(name))
  return [...stages, rest].flatMap((names, index) => {
    const members = clusters.filter(({ name }) => names.includes(name))
    const title = stages.length === 0 ? 'wave' : index < stages.length ? `stage ${index + 1}` : 'the rest'
    if (by === undefined) return [{ name: title, clusters: members.map(({ name }) => name) }]
    const groups = Map.groupBy(members, cluster => valueOf(cluster, by))
    return [...groups]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([value, group]) => ({
        name: stages.length === 0 ? `${by} ${value}` : `${title}, ${by} ${value}`,
        clusters: group.map(({ name }) => name),
      }))
  })
}

/** Those that follow one of them, over any number of steps, come with it. */
function withFollowers(
  names: readonly ClusterName[],
  known: ReadonlyMap<ClusterName, CampaignCluster>,
): readonly ClusterName[] {
  const all = new Set(names)
  for (let before = -1; before !== all.size; ) {
    before = all.size
    for (const { name, standbyOf } of known.values()) if (standbyOf !== undefined && all.has(standbyOf)) all.add(name)
  }
  return [...all]
}

/** Followers before those whom they follow: whoever is furthest from a cluster with a primary of its own is first. */
function levels(
  names: readonly ClusterName[],
  known: ReadonlyMap<ClusterName, CampaignCluster>,
): readonly (readonly ClusterName[])[] {
  const depth = (name: ClusterName, seen: readonly ClusterName[] = []): number => {
    const source = known.get(name)?.standbyOf
    return source === undefined || seen.includes(source) ? 0 : 1 + depth(source, [...seen, name])
  }
  const byDepth = Map.groupBy(names, name => depth(name))
  return [...byDepth].sort(([left], [right]) => right - left).map(([, level]) => level)
}

function valueOf({ nodes, primaryNode }: CampaignCluster, label: string): string {
  const node = nodes.find(({ id }) => id === primaryNode) ?? nodes[0]
  return node?.labels[label] ?? ''
}

function numbered(waves: readonly Wave[]): readonly Wave[] {
  const counts = new Map<string, number>()
  return waves.map(({ name, clusters }) => {
    const total = waves.filter(wave => wave.name === name).length
    const number = (counts.get(name) ?? 0) + 1
    counts.set(name, number)
    return { name: total === 1 ? name : `${name} ${number} of ${total}`, clusters }
  })
}

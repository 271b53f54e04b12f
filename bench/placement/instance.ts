import { readFileSync } from 'node:fs'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import type { NodeFacts } from '../../shared/domain/facts.ts'
import type { Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { aNode, aSnapshot } from '../../test/support/snapshot-builder.ts'
import { pick, seeded } from './random.ts'

const GIB = 1024 ** 3
const ZONES = ['a', 'b', 'c']
const FIXTURES = new URL('../../test/fixtures/hosts/', import.meta.url)

/** One fleet with the clusters that it is to take. */
export interface Instance {
  readonly name: string
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
}

interface Machine {
  readonly threads: number
  readonly memoryGib: number
  readonly diskGib: number
  readonly fsyncMicros: number
}

const MACHINES: readonly Machine[] = [
  { threads: 16, memoryGib: 64, diskGib: 1000, fsyncMicros: 250 },
  { threads: 32, memoryGib: 128, diskGib: 2000, fsyncMicros: 125 },
  { threads: 64, memoryGib: 256, diskGib: 4000, fsyncMicros: 80 },
]

/** A fleet of three kinds of machines, evenly over three zones, and clusters of three of small, middling and large demands. */
export function generated({
  nodes,
  clusters,
  seed,
}: {
  readonly nodes: number
  readonly clusters: number
  readonly seed: number
}): Instance {
  const random = seeded(seed)
  const machines = Array.from({ length: nodes }, (_, index) => {
    const { threads, memoryGib, diskGib, fsyncMicros } = pick(random, MACHINES)
    return aNode({
      name: `node-${index + 1}`,
      labels: { zone: ZONES[index % ZONES.length] ?? '' },
      threads,
      memoryBytes: memoryGib * GIB,
      diskBytes: diskGib * GIB,
      fsyncMicros,
    })
  })
  return instanceOf({ name: `${nodes} nodes, ${clusters} clusters`, machines, clusters, random, scale: 1 })
}

/** Hosts as the agent recorded them, repeated over three zones. */
export function recorded({
  hosts,
  nodes,
  clusters,
  seed,
  scale,
}: {
  readonly hosts: readonly string[]
  readonly nodes: number
  readonly clusters: number
  readonly seed: number
  /** Of the demands, so that they suit the machines. */
  readonly scale: number
}): Instance {
  const random = seeded(seed)
  const machines = Array.from({ length: nodes }, (_, index): SnapshotNode => {
    const host = hosts[Math.floor(index / ZONES.length) % hosts.length] ?? ''
    const facts = JSON.parse(readFileSync(new URL(`${host}/expected.json`, FIXTURES), 'utf8')) as NodeFacts
    const base = aNode({ name: `node-${index + 1}`, labels: { zone: ZONES[index % ZONES.length] ?? '' }, facts: false })
    const version = 'value' in facts.os.versionId ? facts.os.versionId.value : ''
    return { ...base, os: `debian${version}`, facts }
  })
  const name = `${nodes} × ${hosts.join(', ')}; ${clusters} clusters`
  return instanceOf({ name, machines, clusters, random, scale })
}

/** Demands from many small clusters to few large ones, each with a leaning of its own. */
function instanceOf({
  name,
  machines,
  clusters,
  random,
  scale,
}: {
  readonly name: string
  readonly machines: readonly SnapshotNode[]
  readonly clusters: number
  readonly random: () => number
  readonly scale: number
}): Instance {
  const texts = Array.from({ length: clusters }, (_, index) => {
    const size = scale * pick(random, [1, 1, 1, 2, 2, 4])
    const leaning = (): number => 0.5 + random()
    const cores = Math.max(0.25, Math.round(size * 2 * leaning() * 4) / 4)
    const memory = Math.max(256, Math.round(size * 8 * 1024 * leaning()))
    const disk = Math.max(1, Math.round(size * 100 * leaning()))
    const iops = Math.max(10, Math.round(size * 250 * leaning()))
    return `  - { name: pg-${index + 1}, members: 3, placement: { isolation: zone }, resources: { cores: ${cores}, memory: ${memory}MB, disk: ${disk}GB, iops: ${iops} } }`
  })
  const parsed = parseSpec(
    `version: 1\nfleet: { name: bench }\netcd: { members: 3 }\nclusters:\n${texts.join('\n')}\n`,
    'bench.yml',
  )
  if (!('spec' in parsed)) throw new Error(`the bench's own fleet file is wrong: ${JSON.stringify(parsed)}`)
  return { name, spec: parsed.spec, snapshot: aSnapshot({ nodes: machines }) }
}

import { factOr } from '../../../shared/domain/facts.ts'
import type { KernelExplanation } from '../../../shared/domain/plan.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, Workload } from '../../../shared/domain/spec.ts'
import { memoryOf } from '../node-view.ts'
import type { KernelSettings } from '../render/render-input.ts'
import { hugePages } from './huge-pages.ts'
import { networkRows } from './kernel-network.ts'
import type { SettingValues } from './tuned-setting.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** One instance on the node, with what it is set to. */
export interface KernelTenant {
  readonly cluster: ClusterSpec
  readonly settings: SettingValues
}

export interface KernelResult {
  readonly settings: KernelSettings
  readonly explanations: readonly KernelExplanation[]
}

/** A sysctl with its rule and the fact it came from. */
export interface KernelRow {
  readonly name: string
  readonly value: string
  readonly because: string
  readonly from: string
}

/**
 * What the kernel of a node that holds instances is to have; of several clusters the strictest decides. A container has no
 * kernel of its own: there only the settings of its own network are touched.
 */
export function kernelFor(node: SnapshotNode, tenants: readonly KernelTenant[]): KernelResult {
  const contained = node.facts !== undefined && factOr(node.facts.virtualization, 'none') === 'container'
  const clusters = tenants.map(({ cluster }) => cluster)
  const network = networkRows(clusters)
  const rows = contained
    ? network.filter(({ ownNetwork }) => ownNetwork)
    : [...memoryRows(node, tenants), ...schedulerRows(node), ...network]
  const sorted = rows.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const explained = sorted.map(({ name, value, because, from }) => ({ node: node.name, name, value, because, from }))
  return {
    settings: {
      sysctl: Object.fromEntries(sorted.map(({ name, value }) => [name, value])),
      transparentHugepages: 'madvise',
    },
    explanations: contained ? explained : [...explained, transparentPages(node)],
  }
}

function transparentPages(node: SnapshotNode): KernelExplanation {
  return {
    node: node.name,
    name: 'transparent_hugepage',
    value: 'madvise',
    because: 'only for programs that ask: assembling large pages behind the back of a server stalls it',
    from: 'PostgreSQL never asks',
  }
}

function memoryRows(node: SnapshotNode, tenants: readonly KernelTenant[]): readonly KernelRow[] {
  const workloads = [...new Set(tenants.map(({ cluster }) => cluster.workload))]
  const from = `workload ${workloads.toSorted().join(', ')}`
  const onlyTiny = workloads.every(workload => workload === 'tiny')
  const pages = hugePages(
    node,
    tenants.map(({ settings }) => settings),
  )
  return [
    {
      name: 'vm.swappiness',
      value: onlyTiny ? '10' : '1',
      because: 'memory of a server is swapped out only when nothing else is left',
      from,
    },
    ...writeBackRows(node, workloads, from),
    ...(pages === undefined
      ? []
      : [{ name: 'vm.nr_hugepages', value: String(pages.count), because: pages.because, from: pages.from }]),
  ]
}

/** How much written data may wait in memory. In bytes: a ratio of a terabyte would be a checkpoint of minutes. */
function writeBackRows(node: SnapshotNode, workloads: readonly Workload[], workload: string): readonly KernelRow[] {
  const memory = memoryOf(node)
  const strictest = STRICTEST_FIRST.find(each => workloads.includes(each)) ?? 'oltp'
  const { share, most, expire } = WRITE_BACK[strictest]
  const from = `facts.memory.effectiveBytes of ${node.name}; ${workload}`
  const background = Math.floor(Math.min((memory ?? most / share) * share, most) / MIB) * MIB
  return [
    {
      name: 'vm.dirty_background_bytes',
      value: String(background),
      because: `the kernel starts writing at ${percent(share)} of memory, at most ${most / MIB} MB: a checkpoint then finds little left`,
      from,
    },
    {
      name: 'vm.dirty_bytes',
      value: String(4 * background),
      because: 'four times that makes writers wait',
      from,
    },
    {
      name: 'vm.dirty_expire_centisecs',
      value: String(expire),
      because: `what was written ${expire / 100} s ago goes to the disk`,
      from: workload,
    },
    { name: 'vm.dirty_writeback_centisecs', value: '100', because: 'looked after every second', from: workload },
  ]
}

const STRICTEST_FIRST: readonly Workload[] = ['crit', 'oltp', 'tiny', 'mixed', 'olap']

const WRITE_BACK: Readonly<
  Record<Workload, { readonly share: number; readonly most: number; readonly expire: number }>
> = {
  crit: { share: 0.01, most: 256 * MIB, expire: 100 },
  oltp: { share: 0.03, most: GIB, expire: 500 },
  tiny: { share: 0.05, most: 256 * MIB, expire: 500 },
  mixed: { share: 0.05, most: 2 * GIB, expire: 1000 },
  olap: { share: 0.1, most: 4 * GIB, expire: 3000 },
}

function schedulerRows(node: SnapshotNode): readonly KernelRow[] {
  const from = `facts.numa of ${node.name}`
  const several = (node.facts?.numa.length ?? 0) > 1
  return [
    {
      name: 'kernel.sched_autogroup_enabled',
      value: '0',
      because: 'made for desktops: it would share the processor by login session',
      from: 'every server',
    },
    ...(several
      ? [
          {
            name: 'kernel.numa_balancing',
            value: '0',
            because: 'shared buffers are used from everywhere; moving pages after each user costs more than it gains',
            from,
          },
          {
            name: 'vm.zone_reclaim_mode',
            value: '0',
            because: 'memory of another NUMA node is better than none: the cache would be emptied instead',
            from,
          },
        ]
      : []),
  ]
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

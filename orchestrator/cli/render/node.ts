import type { Node__Output } from '../../../proto/gen/drover/v1/Node.ts'
import type { NodeFacts } from '../../../shared/domain/facts.ts'
import type { Output } from '../terminal.ts'
import { paint } from './style.ts'
import { table } from './table.ts'
import { bytes, labels, time } from './units.ts'

type Fact = { readonly value: unknown; readonly source: string } | { readonly unknown: string }

/** One row a fact: what, value, where it was read; an unknown says why. */
export function renderNode(output: Output, node: Node__Output, facts: NodeFacts | null): string {
  const head = [
    `node ${paint(output, 'bold', node.name)}  ${node.state}${node.pendingReason === '' ? '' : ` (${node.pendingReason})`}`,
    `id ${node.id}  generation ${node.generation}  agent ${node.agentVersion || '-'}`,
    `address ${node.address || '-'}  labels ${labels(node.labels)}`,
    `last seen ${time(node.lastSeenMs)}  clock offset ${node.clockOffsetMs === undefined ? 'unknown' : `${node.clockOffsetMs} ms`}`,
    ...node.warnings.map(warning => `${paint(output, 'yellow', 'warning')}: ${warning}`),
  ]
  return `${head.join('\n')}\n\n${facts === null ? 'No facts reported yet.\n' : factTables(facts)}`
}

function factTables(facts: NodeFacts): string {
  const { system, os, cpu, memory, cgroup, clock } = facts
  const rows: [string, Fact][] = [
    ...entries('system', system),
    ...entries('os', os),
    ['kernel', facts.kernel],
    ['architecture', facts.architecture],
    ['glibc', facts.glibc],
    ['icu', facts.icu],
    ['virtualization', facts.virtualization],
    ...entries('cpu', cpu),
    ...entries('memory', memory),
    ...entries('cgroup', cgroup),
    ...entries('clock', clock),
    ...facts.disks.flatMap(disk => entries(`disk ${disk.name}`, disk)),
    ...facts.network.flatMap(link => entries(`network ${link.name}`, link)),
  ]
  const parts = [
    table(
      ['FACT', 'VALUE', 'SOURCE'],
      rows.map(([name, fact]) => [name, ...cells(name, fact)]),
    ),
    table(
      ['FILE SYSTEM', 'DEVICE', 'TYPE', 'SIZE', 'FREE'],
      facts.filesystems.map(fs => [fs.mount, fs.device, fs.type, bytes(fs.sizeBytes), bytes(fs.availableBytes)]),
    ),
    table(
      ['INTERFACE', 'ADDRESSES'],
      facts.network.map(link => [link.name, link.addresses.join(' ') || '-']),
    ),
    ...(facts.numa.length > 1
      ? [
          table(
            ['NUMA NODE', 'CPUS', 'DISTANCES'],
            facts.numa.map(node => [String(node.id), node.cpus.join(','), node.distances.join(' ')]),
          ),
        ]
      : []),
    fsyncLine(facts),
    `${facts.packages.length} packages installed\n`,
  ]
  return parts.join('\n')
}

function fsyncLine(facts: NodeFacts): string {
  const probe = facts.fsync
  if (probe === undefined) return 'fsync latency: not probed yet\n'
  const doubt = probe.suspicious === undefined ? '' : ` (${probe.suspicious})`
  return `fsync latency in ${probe.path}: p50 ${probe.p50Micros} µs, p99 ${probe.p99Micros} µs, max ${probe.maxMicros} µs over ${probe.samples} writes${doubt}\n`
}

function entries(prefix: string, group: object): [string, Fact][] {
  return Object.entries(group).flatMap(([key, value]) =>
    isFact(value) ? [[`${prefix} ${key}`, value] as [string, Fact]] : [],
  )
}

function isFact(value: unknown): value is Fact {
  return typeof value === 'object' && value !== null && ('unknown' in value || ('value' in value && 'source' in value))
}

function cells(name: string, fact: Fact): [string, string] {
  if ('unknown' in fact) return ['unknown', fact.unknown]
  const { value } = fact
  if (typeof value === 'number' && /[Bb]ytes$/.test(name)) return [bytes(value), fact.source]
  return [typeof value === 'string' ? value : JSON.stringify(value), fact.source]
}

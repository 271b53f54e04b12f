import type { Node } from '../../proto/gen/drover/v1/Node.ts'
import { type DiskFacts, type Fact, factOr, type NodeFacts } from '../../shared/domain/facts.ts'
import { osOf } from '../inventory/snapshot-builder.ts'
import { tooSlowForEtcd } from '../plan/disk-latency.ts'
import type { NodeView } from './fleet-view.ts'

const CLOCK_WARNING_MS = 30_000
/** Agents renew at 50 to 67 % of 24 hours; below this something is wrong with renewing. */
const CERTIFICATE_WARNING_MS = 2 * 3_600_000

/** A node as the API shows it. What is not known is absent. */
export function encodeNode(view: NodeView, now: number): Node {
  const { record, live, state, facts } = view
  return {
    name: record.name,
    id: record.id,
    state,
    address: record.address,
    agentVersion: record.agentVersion,
    labels: { ...record.labels },
    generation: record.generation,
    os: facts === undefined ? '' : (osOf(facts) ?? ''),
    pendingReason: record.pendingReason ?? '',
    warnings: warnings(view, now),
    ...(facts === undefined ? {} : { hardware: hardware(facts) }),
    ...(live.lastSeen === undefined ? {} : { lastSeenMs: live.lastSeen }),
    ...(live.clockOffsetMs === undefined ? {} : { clockOffsetMs: live.clockOffsetMs }),
  }
}

function hardware(facts: NodeFacts): NonNullable<Node['hardware']> {
  return {
    ...optional('cores', facts.cpu.cores),
    ...optional('threads', facts.cpu.threads),
    ...optional('memoryBytes', facts.memory.totalBytes),
    disks: facts.disks.map(disk),
  }
}

function disk(facts: DiskFacts) {
  return { name: facts.name, kind: factOr(facts.kind, 'unknown'), ...optional('sizeBytes', facts.sizeBytes) }
}

function optional<Name extends string>(name: Name, fact: Fact<number>): Partial<Record<Name, number>> {
  return 'unknown' in fact ? {} : ({ [name]: fact.value } as Partial<Record<Name, number>>)
}

function warnings({ record, live, facts, state, manifest }: NodeView, now: number): string[] {
  const found: string[] = []
  const offset = live.clockOffsetMs ?? 0
  if (Math.abs(offset) > CLOCK_WARNING_MS) {
    found.push(`its clock is ${Math.round(offset / 1000)} s off: synchronise it, or signed commands will be refused`)
  }
  const { certificate } = record
  if (certificate !== undefined && certificate.notAfter - now < CERTIFICATE_WARNING_MS) {
    found.push(
      certificate.notAfter < now ? 'its certificate has expired' : 'its certificate ends soon and was not renewed',
    )
  }
  if (facts === undefined && state === 'ready') found.push('it has not reported its hardware yet')
  if (facts?.fsync?.suspicious !== undefined) found.push(facts.fsync.suspicious)
  const isVoter = manifest?.manifest.watches.etcd !== undefined
  const slow = isVoter && facts?.fsync !== undefined ? tooSlowForEtcd(facts.fsync) : undefined
  if (slow !== undefined) found.push(slow)
  return found
}

import { DroverError } from '../../shared/domain/errors.ts'
import { type Finding, type FindingCode, RISKS_OF_KINDS, type Risk } from '../../shared/domain/health.ts'
import type { ClusterName, NodeId } from '../../shared/domain/ids.ts'
import type { Plan } from '../../shared/domain/plan.ts'
import type { Allocations } from '../../shared/domain/snapshot.ts'
import { firstFew } from '../../shared/lib/first-few.ts'
import { blocksRisk } from '../observe/health/grade.ts'
import type { Observations } from './conditions.ts'

/** What an operation is about to risk, and where. */
export interface Undertaking {
  /** For people: `restart of pg-main`. */
  readonly what: string
  readonly risks: readonly (({ readonly cluster: ClusterName } | { readonly nodeId: NodeId }) & {
    readonly risk: Risk
  })[]
  readonly allocations: Pick<Allocations, 'clusters'>
}

/**
 * Refuses with `conflict` what the fleet is not well enough for, in the words of the finding; `ignore` names what somebody has looked
 * at and accepts. Pure.
 */
export function guard(undertaking: Undertaking, found: readonly Finding[], ignore: readonly FindingCode[] = []): void {
  const inTheWay = found.filter(each => !ignore.includes(each.code) && blocks(each, undertaking))
  const [first] = inTheWay
  if (first === undefined) return
  const codes = [...new Set(inTheWay.map(({ code }) => code))]
  const said = inTheWay.map(({ subject, message }) => `${subject.kind} ${subject.name}: ${message}`)
  throw new DroverError('conflict', `${undertaking.what} is refused, the fleet is not well: ${firstFew(said, 3)}`, {
    retryable: false,
    hint: `drover status shows all; whoever has looked at it and accepts it goes on with ${codes.map(code => `--ignore-health ${code}`).join(' ')}`,
  })
}

/** Of a kind that is asked for by name: all its risks on all its clusters. */
export function requestRisks(kind: string, clusters: readonly ClusterName[]): Undertaking['risks'] {
  return clusters.flatMap(cluster => (RISKS_OF_KINDS[kind] ?? []).map(risk => ({ cluster, risk })))
}

/** Of kinds that may be about a host: of its voter of etcd. */
export function hostRisks(nodeId: NodeId, risks: readonly Risk[]): Undertaking['risks'] {
  return risks.map(risk => ({ nodeId, risk }))
}

/** An apply restarts where it was told to, bootstraps what is new, copies to what is added, and changes voters. */
export function planRisks(
  { phases, allocations }: Pick<Plan, 'phases' | 'allocations'>,
  before: Pick<Allocations, 'clusters'>,
): Undertaking['risks'] {
  const steps = phases
    .flatMap(phase => phase.steps)
    .flatMap((step): Undertaking['risks'] => {
      if (step.kind === 'restart-members') return [{ cluster: step.cluster, risk: 'restart' }]
      if (step.kind === 'change-voter') return step.via.map(({ nodeId }) => ({ nodeId, risk: 'etcd-change' }))
      return step.kind === 'mark-bootstrapped' ? [{ cluster: step.cluster, risk: 'bootstrap' }] : []
    })
  const copies = Object.entries(allocations.clusters).flatMap(([cluster, { members }]): Undertaking['risks'] => {
    const had = before.clusters[cluster]
    if (had === undefined || !had.bootstrapped) return []
    const known = new Set(had.members.map(({ instance }) => instance))
    return members.some(({ instance }) => !known.has(instance)) ? [{ cluster, risk: 'copy' }] : []
  })
  return [...steps, ...copies]
}

/**
 * Kinds that need Patroni at work. In a pause it promotes nobody, starts no server that has ended, clones no member, and leaves a
 * server running whose Patroni is stopped (patroni/ha.py: `is_paused`).
 *
 * Only the clusters whose members come, go or restart count. Voters of etcd may come and go in a pause, also when a node without any
 * member is drained: a majority is well after every step, so that the time at which the pause ends gets through, and a primary in a
 * pause does not even step down while etcd cannot be reached (`_handle_dcs_error`). A component that starts anew sees for itself:
 * Patroni's own turn is refused by the pause of somebody else, which would end with it; the others need nothing of Patroni, or a
 * switchover, which works in a pause.
 */
const NEED_PATRONI: ReadonlySet<string> = new Set([
  'drain',
  'move',
  'reinit',
  'remove-cluster',
  'remove-node',
  'replace',
  'restart',
  'start-cluster',
  'stop-cluster',
  'undo-remove',
  'upgrade-cluster',
])

/** The clusters for which a kind that is asked for by name needs Patroni at work. */
export function needPatroni(kind: string, clusters: readonly ClusterName[]): readonly ClusterName[] {
  return NEED_PATRONI.has(kind) ? clusters : []
}

/** The same of an apply: those that it restarts, makes, adds members to or takes members from. */
export function planNeedsPatroni(
  plan: Pick<Plan, 'phases' | 'allocations'>,
  before: Pick<Allocations, 'clusters'>,
): readonly ClusterName[] {
  const leaving = plan.phases
    .flatMap(phase => phase.steps)
    .flatMap(step => (step.kind === 'mark-departed' ? step.instances : []))
  const left = (plan.allocations.departed ?? []).filter(({ instance }) => leaving.includes(instance))
  const risked = planRisks(plan, before).flatMap(each => ('cluster' in each ? [each.cluster] : []))
  return [...risked, ...left.map(({ cluster }) => cluster)]
}

/** Refuses with `conflict` what needs Patroni at work in a cluster whose automatic failover is paused. Pure. */
export function refusePaused(what: string, clusters: readonly ClusterName[], observations: Observations): void {
  const seen = [...observations.values()].flatMap(({ instances }) => instances)
  const paused = seen.find(({ cluster, paused: isPaused }) => isPaused === true && clusters.includes(cluster))
  if (paused === undefined) return
  const { cluster, pausedUntil } = paused
  const until = pausedUntil === undefined ? '' : ` until ${new Date(pausedUntil).toISOString()}`
  throw new DroverError('conflict', `${what} is refused: automatic failover of ${cluster} is paused${until}`, {
    retryable: false,
    hint: `drover cluster unpause ${cluster}`,
  })
}

function blocks(found: Finding, { risks, allocations }: Undertaking): boolean {
  const isThere = (where: Undertaking['risks'][number]): boolean =>
    'cluster' in where ? concerns(found, where.cluster, allocations) : concernsHost(found, where.nodeId)
  return blocksRisk(
    found,
    risks.filter(isThere).map(({ risk }) => risk),
  )
}

function concernsHost({ concerns: whom }: Finding, nodeId: NodeId): boolean {
  return whom === undefined || ('nodeId' in whom && whom.nodeId === nodeId)
}

function concerns(
  { concerns: whom }: Finding,
  cluster: ClusterName,
  { clusters }: Pick<Allocations, 'clusters'>,
): boolean {
  if (whom === undefined) return true
  if ('cluster' in whom) return whom.cluster === cluster
  const nodes: readonly NodeId[] = clusters[cluster]?.members.map(({ nodeId }) => nodeId) ?? []
  return nodes.includes(whom.nodeId)
}

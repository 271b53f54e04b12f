import type { Upgrade__Output } from '../../../../proto/gen/drover/v1/Upgrade.ts'
import type { UpgradeCluster__Output } from '../../../../proto/gen/drover/v1/UpgradeCluster.ts'
import type { UpgradeWave__Output } from '../../../../proto/gen/drover/v1/UpgradeWave.ts'
import type { Output } from '../../terminal.ts'
import { paint, paintState, type Tone } from '../style.ts'
import { table } from '../table.ts'
import { duration, time } from '../units.ts'
import { unitOf } from './unit-of.ts'

/** Of those that are through, as many as help to see that it goes on. */
const LAST = 10

const TONES: Readonly<Record<string, Tone>> = {
  upgraded: 'green',
  running: 'cyan',
  failed: 'red',
  back: 'red',
  left: 'yellow',
}

/** How far it has come: waves, what is under way, what went wrong, and who came last. */
export function renderUpgradeStatus(out: Output, upgrade: Upgrade__Output): string {
  const { clusters, nowMs } = upgrade
  const through = clusters
    .filter(({ state }) => state === 'upgraded')
    .toSorted((left, right) => (right.endedAtMs ?? 0) - (left.endedAtMs ?? 0))
  const shown = new Set([
    ...clusters.filter(({ state }) => state !== 'upgraded' && state !== 'waiting'),
    ...through.slice(0, LAST),
  ])
  const rows = clusters
    .filter(cluster => shown.has(cluster))
    .map(cluster => [
      cluster.name,
      cluster.wave,
      paint(out, TONES[cluster.state] ?? 'dim', cluster.state),
      cluster.state === 'running' ? (cluster.phases.at(-1)?.name ?? '-') : cluster.version || '-',
      took(cluster, nowMs),
      milliseconds(upgrade.of === 'agents' ? cluster.awayMs : cluster.stallMs),
      cluster.because,
    ])
  const waited = upgrade.of === 'agents' ? 'AWAY' : 'WRITERS WAITED'
  return [
    heading(out, upgrade),
    table(
      ['WAVE', 'THROUGH', 'STATE', 'TOOK'],
      upgrade.waves.map(wave => waveRow(wave, upgrade)),
    ),
    ...(rows.length === 0
      ? []
      : [table([unitOf(upgrade).toUpperCase(), 'WAVE', 'STATE', 'NOW', 'TOOK', waited, ''], rows)]),
    ...failureLines(out, upgrade),
  ].join('\n')
}

/** Everything, a line a cluster or host, with where its time went and what was counted. */
export function renderUpgradeReport(out: Output, upgrade: Upgrade__Output): string {
  const parts = unitOf(upgrade) === 'host' ? hostParts(out, upgrade) : clusterParts(out, upgrade)
  return [heading(out, upgrade), ...parts, ...failureLines(out, upgrade)].join('\n')
}

function hostParts(out: Output, { of, clusters, nowMs }: Upgrade__Output): readonly string[] {
  const own = of === 'agents' ? ['AWAY'] : ['WRITERS WAITED', 'CLIENTS DISCONNECTED']
  const rows = clusters.map(host => [
    host.name,
    host.wave,
    paint(out, TONES[host.state] ?? 'dim', host.state),
    host.version || '-',
    took(host, nowMs),
    ...(of === 'agents' ? [milliseconds(host.awayMs)] : [milliseconds(host.stallMs), count(host.disconnected)]),
    host.because,
  ])
  return [table(['HOST', 'WAVE', 'STATE', 'VERSION', 'TOOK', ...own, ''], rows)]
}

function clusterParts(out: Output, upgrade: Upgrade__Output): readonly string[] {
  const rows = upgrade.clusters.map(cluster => {
    const { activity, activityBefore } = cluster
    return [
      cluster.name,
      cluster.wave,
      paint(out, TONES[cluster.state] ?? 'dim', cluster.state),
      cluster.version || '-',
      took(cluster, upgrade.nowMs),
      ...(['prepare', 'members', 'switchover', 'watch', 'back'] as const).map(kind => spent(cluster, kind)),
      milliseconds(cluster.stallMs),
      milliseconds(cluster.readStallMs),
      count(activity?.transactions),
      share(activity?.rollbacks, activity?.commits),
      share(activityBefore?.rollbacks, activityBefore?.commits),
      count(activity?.killed),
      count(sum([activity?.errors, activity?.fatals, activity?.panics])),
      cluster.because,
    ]
  })
  return [table([...HEADERS, ''], rows), NOTES]
}

const HEADERS = [
  'CLUSTER',
  'WAVE',
  'STATE',
  'VERSION',
  'TOOK',
  'PREPARE',
  'MEMBERS',
  'SWITCHOVER',
  'WATCH',
  'BACK',
  'WRITERS WAITED',
  'READERS WAITED',
  'TRANSACTIONS',
  'ROLLED BACK',
  'HOUR BEFORE',
  'SESSIONS ENDED',
  'LOG',
]

const NOTES = `WAITED is the longest that any pooler made its clients wait. TRANSACTIONS went through the poolers, from just before the first member
stopped to the end of the watch. ROLLED BACK is xact_rollback of all members in that time, whoever rolled back, and its share of all
transactions; HOUR BEFORE is the same of the hour before. SESSIONS ENDED were ended by a stop (sessions_killed): those of poolers, too.
LOG is lines of ERROR, FATAL and PANIC.
`

function heading(out: Output, upgrade: Upgrade__Output) {
  const { operationId, subject, state, createdAtMs, endedAtMs, nowMs, clusters } = upgrade
  const counted = Map.groupBy(clusters, cluster => cluster.state)
  const words = [...counted].map(([each, all]) => `${all.length} ${each}`).join(', ') || 'none'
  return `upgrade ${operationId}  ${subject}  ${paintState(out, state)}\nstarted ${time(createdAtMs)}, ${duration((endedAtMs ?? nowMs) - createdAtMs)}; ${unitOf(upgrade)}s: ${words}\n`
}

function waveRow(wave: UpgradeWave__Output, { clusters, nowMs }: Upgrade__Output): readonly string[] {
  const own = clusters.filter(cluster => cluster.wave === wave.name)
  const through = own.filter(({ state }) => state !== 'waiting' && state !== 'running').length
  const { begunAtMs, watchedAtMs, endedAtMs } = wave
  const isThrough = through === own.length
  const state =
    begunAtMs === undefined
      ? 'waiting'
      : watchedAtMs !== undefined && endedAtMs === undefined
        ? 'watched'
        : isThrough && endedAtMs !== undefined
          ? 'done'
          : 'running'
  return [
    wave.name,
    `${through} of ${own.length}`,
    state,
    begunAtMs === undefined ? '-' : duration((endedAtMs ?? nowMs) - begunAtMs),
  ]
}

function failureLines(out: Output, { failure }: Upgrade__Output): readonly string[] {
  return failure === null ? [] : [`${paint(out, 'red', 'failed')}: ${failure.message}\n`]
}

function took({ begunAtMs, endedAtMs }: UpgradeCluster__Output, now: number): string {
  return begunAtMs === undefined ? '-' : duration((endedAtMs ?? now) - begunAtMs)
}

function spent({ phases }: UpgradeCluster__Output, kind: string): string {
  const own = phases.filter(phase => phase.kind === kind)
  if (own.length === 0) return '-'
  return duration(own.reduce((total, { begunAtMs, endedAtMs }) => total + (endedAtMs ?? begunAtMs) - begunAtMs, 0))
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value} ms`
}

function count(value: number | undefined): string {
  return value === undefined ? '-' : String(value)
}

function share(rollbacks: number | undefined, commits: number | undefined): string {
  if (rollbacks === undefined || commits === undefined) return '-'
  const all = rollbacks + commits
  return all === 0 ? '0' : `${rollbacks} (${((rollbacks / all) * 100).toFixed(1)} %)`
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0)
}

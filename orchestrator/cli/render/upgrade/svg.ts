import type { Upgrade__Output } from '../../../../proto/gen/drover/v1/Upgrade.ts'
import type { UpgradeCluster__Output } from '../../../../proto/gen/drover/v1/UpgradeCluster.ts'
import { rectangle, text, titled } from '../graph/svg-elements.ts'
import { duration, time } from '../units.ts'
import { unitOf } from './unit-of.ts'

const WIDTH = 1280
const MARGIN = 20
const NAMES = 170
const FIGURES = 300
const TOP = 92
const HEADING = 20
const MOST_TICKS = 8
const LEFT = MARGIN + NAMES
const BARS = WIDTH - 2 * MARGIN - NAMES - FIGURES

const COLORS: Readonly<Record<string, { readonly fill: string; readonly means: string }>> = {
  prepare: { fill: '#b8c0cc', means: 'chosen, laid out, tried' },
  members: { fill: '#4c8dd6', means: 'members restart' },
  switchover: { fill: '#e08a1e', means: 'another one leads' },
  watch: { fill: '#7fbf8c', means: 'watched' },
  finish: { fill: '#8a7fd0', means: 'finished' },
  back: { fill: '#d64545', means: 'led back' },
}

/** A line a cluster, below its wave, over time. Needs nothing but itself; five hundred clusters are a long page. Pure. */
export function upgradeSvg(upgrade: Upgrade__Output): string {
  const { clusters, waves, createdAtMs } = upgrade
  const until = endOf(upgrade)
  const whole = Math.max(1, until - createdAtMs)
  const x = (ms: number): number => LEFT + ((Math.min(Math.max(ms, createdAtMs), until) - createdAtMs) / whole) * BARS
  const line = clusters.length > 60 ? 13 : 20
  const lines: string[] = []
  let y = TOP
  for (const [index, wave] of waves.entries()) {
    const own = clusters.filter(cluster => cluster.wave === wave.name)
    const height = HEADING + own.length * line
    const { begunAtMs, watchedAtMs, endedAtMs } = wave
    lines.push(
      rectangle({ x: MARGIN, y, width: WIDTH - 2 * MARGIN, height }, { fill: index % 2 === 0 ? '#f3f5f8' : '#e9edf2' }),
    )
    if (begunAtMs !== undefined)
      lines.push(span(x(begunAtMs), x(endedAtMs ?? until), { y, height }, '#dde6f0', `${wave.name}: under way`))
    if (watchedAtMs !== undefined)
      lines.push(span(x(watchedAtMs), x(endedAtMs ?? until), { y, height }, '#d9ecdd', `${wave.name}: watched`))
    const when = begunAtMs === undefined ? 'not begun' : `from ${duration(begunAtMs - createdAtMs)}`
    const counted = `${own.length} ${unitOf(upgrade)}${own.length === 1 ? '' : 's'}`
    lines.push(
      text({ x: MARGIN + 6, y: y + 14, size: 11, weight: 600, fill: '#3d4752' }, `${wave.name}: ${counted}, ${when}`),
    )
    y += HEADING
    for (const cluster of own) {
      lines.push(...clusterLine(cluster, { y, line, x, until }))
      y += line
    }
  }
  const height = y + MARGIN + 20
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif">`,
    rectangle({ x: 0, y: 0, width: WIDTH, height }, { fill: '#ffffff' }),
    ...headingLines(upgrade, whole),
    ...lines,
    ...ticks(whole, { top: TOP, bottom: y }),
    '</svg>',
  ].join('\n')}\n`
}

function headingLines({ operationId, subject, state, createdAtMs, clusters }: Upgrade__Output, whole: number) {
  const counted = Map.groupBy(clusters, cluster => cluster.state)
  const words = [...counted].map(([each, all]) => `${all.length} ${each}`).join(', ')
  return [
    text(
      { x: MARGIN, y: 30, size: 16, weight: 600, width: WIDTH - 2 * MARGIN },
      `Upgrade of ${subject}: ${state}, ${words}`,
    ),
    text({ x: MARGIN, y: 48, size: 11 }, `${operationId}, from ${time(createdAtMs)}, ${duration(whole)}`),
    ...Object.values(COLORS).flatMap(({ fill, means }, index) => {
      const x = LEFT + index * 155
      return [
        rectangle({ x, y: 56, width: 12, height: 12 }, { fill, radius: 2 }),
        text({ x: x + 18, y: 66, size: 11 }, means),
      ]
    }),
  ]
}

function clusterLine(
  cluster: UpgradeCluster__Output,
  given: {
    readonly y: number
    readonly line: number
    readonly x: (ms: number) => number
    readonly until: number
  },
): readonly string[] {
  const { y, line, x, until } = given
  const size = line > 15 ? 11 : 9
  const base = y + line - Math.round((line - size) / 2) - 1
  const isBad = ['failed', 'back'].includes(cluster.state)
  return [
    text({ x: MARGIN + 14, y: base, size, width: NAMES - 20, ...(isBad ? { fill: '#b02a2a' } : {}) }, cluster.name),
    ...cluster.phases.map(({ kind, name, begunAtMs, endedAtMs }) => {
      const { fill } = COLORS[kind] ?? { fill: '#b8c0cc' }
      const end = endedAtMs ?? until
      const said = `${cluster.name}: ${name}, ${duration(Math.max(0, end - begunAtMs))}`
      return span(x(begunAtMs), x(end), { y: y + 2, height: line - 4 }, fill, said)
    }),
    text({ x: WIDTH - MARGIN - FIGURES + 12, y: base, size, width: FIGURES - 16 }, figures(cluster)),
  ]
}

/** Whatever has happened can be seen. */
function span(
  from: number,
  to: number,
  { y, height }: { readonly y: number; readonly height: number },
  fill: string,
  said: string,
): string {
  return titled(rectangle({ x: from, y, width: Math.max(1, to - from), height }, { fill }), said)
}

function figures({ state, stallMs, activity, awayMs, disconnected, because }: UpgradeCluster__Output): string {
  if (because !== '') return `${state}: ${because}`
  const away = awayMs === undefined ? [] : [`away ${awayMs} ms`]
  const left = disconnected === undefined ? [] : [`${disconnected} clients disconnected`]
  const waited = stallMs === undefined ? [] : [`waited ${stallMs} ms`]
  const rolledBack = activity?.rollbacks === undefined ? [] : [`${activity.rollbacks} rolled back`]
  return [state, ...waited, ...away, ...left, ...rolledBack].join(', ')
}

function ticks(whole: number, { top, bottom }: { readonly top: number; readonly bottom: number }): readonly string[] {
  const steps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400].map(each => each * 1000)
  const step = steps.find(each => whole / each <= MOST_TICKS) ?? whole
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => {
    const x = LEFT + ((index * step) / whole) * BARS
    return [
      rectangle({ x, y: top - 4, width: 0.5, height: bottom - top + 4 }, { fill: '#9aa4b0' }),
      text({ x, y: top - 8, size: 9, fill: '#5a6672' }, index === 0 ? '0' : duration(index * step)),
      text({ x, y: bottom + 12, size: 9, fill: '#5a6672' }, index === 0 ? '0' : duration(index * step)),
    ]
  }).flat()
}

function endOf({ endedAtMs, nowMs }: Upgrade__Output): number {
  return endedAtMs ?? nowMs
}

import { median } from '../bootstrap/statistics.ts'
import { type Comparison, type Measured, SIDES } from './compare.ts'

/** What a person reads: one line a side, their ratios, and the rate of a fleet. */
export function report({ rounds, clients, from, to, upgrades, fleet }: Comparison): string {
  const own = SIDES.map(side => ({ side, all: upgrades.filter(each => each.side === side) }))
  const rate = (fleet.clusters * 60) / fleet.seconds
  return `${[
    `${from} to ${to}, ${rounds} rounds, ${clients} clients that write, three members, one confirms commits`,
    'failed, in doubt, lost: transactions over all rounds; stall: the longest time in which nobody committed',
    '',
    columns('', ['failed', 'in doubt', 'lost', 'stall ms, median', 'stall ms, max', 'total s, median', 'total s, max']),
    ...own.filter(({ all }) => all.length > 0).map(({ side, all }) => row(side, all)),
    ...ratios(upgrades),
    '',
    `a fleet of ${fleet.clusters} clusters with ${fleet.members} members, ${fleet.atOnce} at once, ${fleet.perNode} on a node: ${fleet.seconds.toFixed(0)} s, ${rate.toFixed(1)} clusters a minute`,
  ].join('\n')}\n`
}

function row(side: string, all: readonly Measured[]): string {
  const stalls = all.map(({ stallMs }) => stallMs)
  const times = all.map(({ seconds }) => seconds)
  const cells = [total(all, 'failed'), total(all, 'inDoubt'), total(all, 'lost')]
  const spread = [median(stalls), Math.max(...stalls), median(times), Math.max(...times)]
  return columns(
    side,
    [...cells, ...spread].map(cell => cell.toFixed(0)),
  )
}

/** The usual way over Drover's, of the medians. */
function ratios(upgrades: readonly Measured[]): readonly string[] {
  const [usual, drover] = SIDES.map(side => upgrades.filter(each => each.side === side))
  if (usual === undefined || drover === undefined || usual.length === 0 || drover.length === 0) return []
  const ratio = (of: (measured: Measured) => number): string =>
    `${(median(usual.map(of)) / median(drover.map(of))).toFixed(1)} times`
  return [columns('usual / drover', ['', '', '', ratio(({ stallMs }) => stallMs), '', ratio(({ seconds }) => seconds)])]
}

function total(all: readonly Measured[], what: 'failed' | 'inDoubt' | 'lost'): number {
  return all.reduce((sum, each) => sum + each[what], 0)
}

function columns(first: string, cells: readonly string[]): string {
  return `${first.padEnd(16)}${cells.map(cell => cell.padStart(18)).join('')}`.trimEnd()
}

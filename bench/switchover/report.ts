import { median } from '../bootstrap/statistics.ts'
import type { Comparison, Measured } from './compare.ts'
import { SIDES } from './side.ts'

/** What a person reads: one line a side, and where Drover's stall goes. */
export function report({ rounds, clients, stockPatroni, switchovers }: Comparison): string {
  const rows = SIDES.flatMap(side => {
    const own = switchovers.filter(each => each.side === side)
    return own.length === 0 ? [] : [row(side, own)]
  })
  return `${[
    `${rounds} rounds, ${clients} clients that write, three members, one confirms commits`,
    `Patroni ${stockPatroni ? "with Debian's own waits" : "under Drover's launcher"}, for both sides`,
    'failed, in doubt, lost: transactions over all rounds; stall: the longest time in which nobody committed, ms',
    '',
    columns('', ['failed', 'in doubt', 'lost', 'clean rounds', 'min', 'median', 'p90', 'max']),
    ...rows,
    ...parts(switchovers),
  ].join('\n')}\n`
}

function row(side: string, own: readonly Measured[]): string {
  const stalls = own.map(({ stallMs }) => stallMs)
  const clean = own.filter(({ failed, inDoubt, lost }) => failed + inDoubt + lost === 0).length
  const cells = [total(own, 'failed'), total(own, 'inDoubt'), total(own, 'lost'), `${clean} of ${own.length}`]
  const spread = [Math.min(...stalls), median(stalls), percentile(stalls, 0.9), Math.max(...stalls)]
  return columns(side, [...cells.map(String), ...spread.map(value => value.toFixed(0))])
}

/** As Drover's own operation accounts for it. */
function parts(switchovers: readonly Measured[]): readonly string[] {
  const told = switchovers.flatMap(each => (each.told === undefined ? [] : [each.told.stall]))
  if (told.length === 0) return []
  const line = (title: string, of: (stall: (typeof told)[number]) => number): string => {
    const values = told.map(of)
    const spread = [Math.min(...values), median(values), percentile(values, 0.9), Math.max(...values)]
    return columns(title, ['', '', '', '', ...spread.map(value => value.toFixed(0))])
  }
  return [
    '',
    "where Drover's goes, ms",
    line('  transactions end', ({ drain }) => drain),
    line('  Patroni hands over', ({ handOver }) => handOver),
    line('  a standby confirms', ({ synchronous }) => synchronous),
    line('  orders and answers', ({ orders }) => orders),
  ]
}

/** The smallest value that so many of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (found === undefined) throw new Error('no values')
  return found
}

function total(own: readonly Measured[], what: 'failed' | 'inDoubt' | 'lost'): number {
  return own.reduce((sum, each) => sum + each[what], 0)
}

function columns(first: string, cells: readonly string[]): string {
  return `${first.padEnd(24)}${cells.map(cell => cell.padStart(14)).join('')}`.trimEnd()
}

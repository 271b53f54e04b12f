import type { Round } from './rounds.ts'
import { median, summary } from './statistics.ts'

/** The ratio of medians that Drover aims at, or less. */
const AIM = 1.3

/** What a person reads: each round, then median and range of each side, then the ratio. */
export function report(rounds: readonly Round[]): string {
  const lines = ['round  side    healthy s  command s']
  for (const [index, round] of rounds.entries())
    for (const { side, healthy, returned } of round)
      lines.push(
        `${String(index + 1).padEnd(5)}  ${side.padEnd(6)}  ${healthy.toFixed(2).padStart(9)}  ${returned.toFixed(2).padStart(9)}`,
      )
  lines.push('', 'median [range]')
  for (const side of ['rival', 'drover'] as const) {
    const [healthy, returned] = [values(rounds, side, 'healthy'), values(rounds, side, 'returned')]
    if (healthy.length > 0)
      lines.push(`${side.padEnd(6)}  healthy ${summary(healthy)} s, command done ${summary(returned)} s`)
  }
  for (const what of ['healthy', 'returned'] as const) {
    const [rival, drover] = [values(rounds, 'rival', what), values(rounds, 'drover', what)]
    if (rival.length === 0 || drover.length === 0) continue
    const ratio = median(drover) / median(rival)
    const aim = what === 'healthy' ? ` (aim: ${AIM} or less: ${ratio <= AIM ? 'met' : 'MISSED'})` : ''
    lines.push(`ratio drover / shell script, ${what === 'healthy' ? what : 'command done'}: ${ratio.toFixed(2)}${aim}`)
  }
  return `${lines.join('\n')}\n`
}

function values(rounds: readonly Round[], side: string, what: 'healthy' | 'returned'): readonly number[] {
  return rounds.flatMap(round => round.filter(measured => measured.side === side).map(measured => measured[what]))
}

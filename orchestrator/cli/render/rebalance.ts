import type { Move__Output } from '../../../proto/gen/drover/v1/Move.ts'
import type { Rebalance__Output } from '../../../proto/gen/drover/v1/Rebalance.ts'
import type { Output } from '../terminal.ts'
import { paint } from './style.ts'
import { bytes, share } from './units.ts'
import { wrap } from './wrap.ts'

/** Proposed moves, the best first as the planner has them, with what each wins and copies. */
export function rebalanceLines(output: Output, rebalance: Rebalance__Output): string[] {
  const { moves, before, after } = rebalance
  const { columns } = output
  const title = paint(output, 'bold', 'rebalance')
  if (moves.length === 0)
    return [
      title,
      ...wrap(`nothing to move: the highest load of any host is ${share(before)}, and no move lowers it by enough`, {
        columns,
        indent: 2,
      }),
    ]
  const copied = moves.reduce((sum, move) => sum + move.bytes, 0)
  return [
    title,
    ...moves.flatMap(move => [
      ...wrap(`> ${moveText(move)}`, { columns, indent: 2, hang: 6 }).map(line => paint(output, 'cyan', line)),
      ...wrap(move.because, { columns, indent: 6 }).map(line => paint(output, 'dim', line)),
    ]),
    ...wrap(
      `highest load of any host: ${share(before)} now, ${share(after)} after ${moves.length === 1 ? 'this move' : `these ${moves.length} moves`}${copied === 0 ? '' : `; ${bytes(copied)} to copy`}. Proposals only: an apply moves nothing.`,
      { columns, indent: 2 },
    ),
  ]
}

function moveText({ kind, cluster, instance, from, to, gain, bytes: size }: Move__Output): string {
  const gained = gain < 0 ? `raises the load by ${share(-gain)}` : `gains ${share(gain)}`
  return kind === 'switchover'
    ? `switch ${cluster} over to ${instance}: primary ${from} → ${to}, ${gained}, copies nothing`
    : `move ${instance}: ${from} → ${to}, ${gained}, copies ${size === 0 ? 'an unknown amount' : bytes(size)}`
}

import type { Placement__Output } from '../../../../proto/gen/drover/v1/Placement.ts'
import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../../terminal.ts'
import { nameList } from '../name-list.ts'
import { paint } from '../style.ts'
import { wrap } from '../wrap.ts'

/** Which nodes they are matters less than why, once they are many. */
const MOST_RUNS = 6

/** Every new member: why its node, and why not the others, nodes with the same reason together. */
export function placementLines(output: Output, { placements }: PlanResponse__Output): string[] {
  const byCluster = Map.groupBy(placements, ({ cluster }) => cluster)
  return [...byCluster].flatMap(([cluster, members]) => [
    paint(output, 'bold', `placement of ${cluster}`),
    ...members.flatMap(member => memberLines(output, member)),
  ])
}

function memberLines(output: Output, { instance, node, because, rejected }: Placement__Output): string[] {
  const { columns } = output
  const reasons = Map.groupBy(rejected, other => other.because)
  return [
    ...wrap(`${instance} on ${node}: ${because}`, { columns, indent: 2, hang: 6 }),
    ...[...reasons].flatMap(([reason, others]) =>
      wrap(
        `not ${nameList(
          others.map(other => other.node),
          MOST_RUNS,
        )}: ${reason}`,
        { columns, indent: 6, hang: 10 },
      ).map(line => paint(output, 'dim', line)),
    ),
  ]
}

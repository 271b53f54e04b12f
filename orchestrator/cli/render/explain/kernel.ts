import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../../terminal.ts'
import { nameList } from '../name-list.ts'
import { paint } from '../style.ts'
import { wrap } from '../wrap.ts'

/** What the kernels of the hosts get; hosts with the same value for the same reason together. */
export function kernelLines(output: Output, { kernel }: PlanResponse__Output): string[] {
  if (kernel.length === 0) return []
  const { columns } = output
  const groups = Map.groupBy(kernel, ({ name, value, because }) => JSON.stringify([name, value, because]))
  return [
    paint(output, 'bold', 'kernel settings'),
    ...[...groups.values()].flatMap(group => {
      const [first] = group
      if (first === undefined) return []
      const sources = [...new Set(group.map(({ from }) => from))]
      const from = sources.length === 1 ? `; from ${first.from}` : ''
      return [
        ...wrap(`${first.name} = ${first.value}  on ${nameList(group.map(({ node }) => node))}`, {
          columns,
          indent: 2,
          hang: 6,
        }),
        ...wrap(`${first.because}${from}`, { columns, indent: 6 }).map(line => paint(output, 'dim', line)),
      ]
    }),
  ]
}

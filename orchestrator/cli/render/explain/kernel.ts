import type { KernelSetting__Output } from '../../../../proto/gen/drover/v1/KernelSetting.ts'
import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../../terminal.ts'
import { nameList } from '../name-list.ts'
import { paint } from '../style.ts'
import { wrap } from '../wrap.ts'

/** What the kernels of the hosts get, by name; hosts with the same value from the same kind of fact together. */
export function kernelLines(output: Output, { kernel }: PlanResponse__Output): string[] {
  if (kernel.length === 0) return []
  const { columns } = output
  const groups = Map.groupBy(kernel, setting =>
    JSON.stringify([setting.name, setting.value, setting.because, source(setting)]),
  )
  return [
    paint(output, 'bold', 'kernel settings'),
    ...[...groups.values()]
      .sort(([left], [right]) => (left?.name ?? '').localeCompare(right?.name ?? ''))
      .flatMap(group => {
        const [first] = group
        if (first === undefined) return []
        const { name, value, because } = first
        const from = group.length === 1 ? first.from : source(first)
        return [
          ...wrap(`${name} = ${value}  on ${nameList(group.map(({ node }) => node))}`, { columns, indent: 2, hang: 6 }),
          ...wrap(`${because}; from ${from}`, { columns, indent: 6 }).map(line => paint(output, 'dim', line)),
        ]
      }),
  ]
}

/** Where the value came from, whichever host it is. */
function source({ node, from }: KernelSetting__Output): string {
  return from
    .split(' ')
    .map(word => (word === node || word === `${node},` || word === `${node};` ? word.replace(node, 'each') : word))
    .join(' ')
}

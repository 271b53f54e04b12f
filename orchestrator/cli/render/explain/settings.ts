import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Setting__Output } from '../../../../proto/gen/drover/v1/Setting.ts'
import type { Output } from '../../terminal.ts'
import { paint } from '../style.ts'
import { wrap } from '../wrap.ts'

/** Settings that are not PostgreSQL's own are named after the program that reads them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  pgbouncer: 'PgBouncer',
  haproxy: 'HAProxy',
  patroni: 'Patroni',
  drover: 'Drover',
}

/** Settings by cluster and program: value, why, from which fact; what single members have otherwise comes last. */
export function settingLines(output: Output, { settings }: PlanResponse__Output): string[] {
  const groups = Map.groupBy(settings, ({ cluster, name }) => `${programOf(name)} settings of ${cluster}`)
  return [...groups].flatMap(([title, group]) => {
    const shared = group.filter(({ instance }) => instance === '')
    const own = Map.groupBy(
      group.filter(({ instance }) => instance !== ''),
      ({ instance }) => instance,
    )
    return [
      paint(output, 'bold', title),
      ...shared.flatMap(setting => oneSetting(output, setting)),
      ...[...own].flatMap(([instance, differing]) => [
        `  ${instance} differs:`,
        ...differing.flatMap(setting => oneSetting(output, setting)),
      ]),
    ]
  })
}

function programOf(name: string): string {
  return PROGRAMS[name.split('.', 1)[0] ?? ''] ?? 'PostgreSQL'
}

function oneSetting(output: Output, setting: Setting__Output): string[] {
  const { name, value, because, from, apply, replaces } = setting
  const { columns } = output
  const indent = setting.instance === '' ? 2 : 4
  const change = replaces === undefined ? shown(value) : `${shown(replaces)} → ${shown(value)}`
  const [first = '', ...more] = wrap(`${name} = ${change}${apply === '' ? '' : `  (${apply})`}`, {
    columns,
    indent,
    hang: indent + 4,
  })
  return [
    ...[first, ...more].map(line => (replaces === undefined ? line : paint(output, 'yellow', line))),
    ...wrap(`${because}; from ${from}`, { columns, indent: indent + 4 }).map(line => paint(output, 'dim', line)),
  ]
}

function shown(value: string): string {
  return value === '' ? "''" : value
}

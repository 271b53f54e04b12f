import type { ComponentReport, ComponentTurn } from '../../../shared/domain/component.ts'
import { table } from './table.ts'
import { duration } from './units.ts'

export function renderComponentTurns(turns: readonly ComponentTurn[]): string {
  if (turns.length === 0) return 'everything has the version'
  const rows = turns.flatMap(({ node, component, packages }) =>
    packages.map(({ name, from, to }) => [component, node, name, from, to]),
  )
  return table(['COMPONENT', 'NODE', 'PACKAGE', 'FROM', 'TO'], rows)
}

/** One line a host, as they ended. */
export function renderComponentReports(reports: readonly ComponentReport[]): string {
  if (reports.length === 0) return 'everything had the version'
  const rows = reports.map(({ component, node, from, to, tookMs, stallMs, disconnected }) => [
    component,
    node,
    from,
    to,
    duration(tookMs),
    stallMs === undefined ? '-' : `${stallMs} ms`,
    disconnected === undefined ? '-' : String(disconnected),
  ])
  return table(['COMPONENT', 'NODE', 'FROM', 'TO', 'TOOK', 'WRITERS WAITED', 'CLIENTS DISCONNECTED'], rows)
}

import type { ComponentReport, ComponentsPlan } from '../../../shared/domain/component.ts'
import { table } from './table.ts'
import { duration } from './units.ts'

export function renderComponentsPlan({ turns, waves }: ComponentsPlan): string {
  if (turns.length === 0) return 'everything has the version'
  const rows = waves.flatMap(({ name: wave, component, clusters: nodes }) =>
    nodes.flatMap(node =>
      turns
        .filter(turn => turn.component === component && turn.node === node)
        .flatMap(({ packages }) => packages.map(({ name, from, to }) => [wave, node, name, from, to])),
    ),
  )
  return table(['WAVE', 'NODE', 'PACKAGE', 'FROM', 'TO'], rows)
}

/** One line a host, as they ended. */
export function renderComponentReports(reports: readonly ComponentReport[]): string {
  if (reports.length === 0) return 'everything had the version'
  const rows = reports.map(report => {
    const { component, node, result, from, to, tookMs, stallMs, disconnected, because } = report
    return [
      component,
      node,
      result,
      from,
      to,
      tookMs === undefined ? '-' : duration(tookMs),
      stallMs === undefined ? '-' : `${stallMs} ms`,
      disconnected === undefined ? '-' : String(disconnected),
      because ?? '',
    ]
  })
  const headers = ['COMPONENT', 'NODE', 'RESULT', 'FROM', 'TO', 'TOOK', 'WRITERS WAITED', 'CLIENTS DISCONNECTED', '']
  return table(headers, rows)
}

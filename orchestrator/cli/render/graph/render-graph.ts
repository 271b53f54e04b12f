import type { Layout__Output } from '../../../../proto/gen/drover/v1/Layout.ts'
import { assertNever } from '../../../../shared/domain/errors.ts'
import { groupHosts } from './group-hosts.ts'
import { renderMermaid } from './mermaid.ts'
import { renderSvg } from './svg.ts'

export const GRAPH_FORMATS = ['svg', 'mermaid'] as const
export type GraphFormat = (typeof GRAPH_FORMATS)[number]

/** A picture of who runs where: failure domains as boxes, hosts with their load, instances by role, voters. */
export function renderGraph(format: GraphFormat, layout: Layout__Output): string {
  const fleet = groupHosts(layout.nodes, layout.levels)
  switch (format) {
    case 'svg':
      return renderSvg(fleet)
    case 'mermaid':
      return renderMermaid(fleet)
    default:
      return assertNever(format)
  }
}

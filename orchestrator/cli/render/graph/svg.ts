import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'
import { assertNever } from '../../../../shared/domain/errors.ts'
import type { HostGroup } from './group-hosts.ts'
import { ROLES } from './roles.ts'
import { hostCard } from './svg-card.ts'
import { rectangle, text } from './svg-elements.ts'
import { arrange, LEAST_WIDTH, type Shape } from './svg-geometry.ts'

const MARGIN = 20
const TITLE = 34
const LEGEND = 56
const LEGEND_ENTRY = 82

/** A picture that needs nothing but itself: no script, no style sheet, no font to load. */
export function renderSvg(fleet: HostGroup): string {
  const { width: inner, height, shapes } = arrange(fleet)
  const width = Math.max(LEAST_WIDTH, inner) + 2 * MARGIN
  const total = TITLE + height + LEGEND + 2 * MARGIN
  const left = (width - inner) / 2
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif">`,
    rectangle({ x: 0, y: 0, width, height: total }, { fill: '#ffffff' }),
    text({ x: MARGIN, y: MARGIN + 12, size: 16, weight: 600 }, heading(shapes)),
    `<g transform="translate(${left} ${MARGIN + TITLE})">`,
    ...shapes.flatMap(shapeLines),
    '</g>',
    ...legend(shapes, total - LEGEND),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function heading(shapes: readonly Shape[]): string {
  const hosts = hostsOf(shapes)
  const clusters = new Set(hosts.flatMap(({ instances }) => instances.map(({ cluster }) => cluster)))
  const instances = hosts.reduce((sum, host) => sum + host.instances.length, 0)
  const voters = hosts.filter(({ voter }) => voter !== '').length
  return [
    counted(hosts.length, 'host'),
    counted(clusters.size, 'cluster'),
    counted(instances, 'instance'),
    counted(voters, 'etcd voter'),
  ].join(', ')
}

function hostsOf(shapes: readonly Shape[]): readonly LayoutNode__Output[] {
  return shapes.flatMap(shape => (shape.kind === 'host' ? [shape.host] : []))
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function shapeLines(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'domain': {
      const { at, title, depth } = shape
      const fill = depth % 2 === 1 ? '#f3f5f8' : '#e9edf2'
      return [
        rectangle(at, { fill, stroke: '#c3cad3', radius: 8 }),
        text({ x: at.x + 14, y: at.y + 18, size: 13, weight: 600, fill: '#3d4752' }, title),
      ]
    }
    case 'host':
      return hostCard(shape.host, shape.at)
    default:
      return assertNever(shape)
  }
}

/** Only roles that occur. */
function legend(shapes: readonly Shape[], top: number): readonly string[] {
  const purposes = new Set(hostsOf(shapes).flatMap(({ instances }) => instances.map(({ purpose }) => purpose)))
  const roles = Object.entries(ROLES).filter(([role]) => purposes.has(role))
  return [
    ...roles.flatMap(([role, { fill }], index) => {
      const x = roles.slice(0, index).reduce((left, [before]) => left + legendWidth(before), MARGIN)
      return [
        rectangle({ x, y: top, width: 14, height: 14 }, { fill, radius: 3 }),
        text({ x: x + 20, y: top + 11, size: 11 }, role),
      ]
    }),
    text(
      { x: MARGIN, y: top + 32, size: 11 },
      'bars: share of the host that is taken, amber above 80 %, red above 100 %',
    ),
  ]
}

/** Long words take more than the usual room. */
function legendWidth(role: string): number {
  return Math.max(LEGEND_ENTRY, 34 + role.length * 6)
}

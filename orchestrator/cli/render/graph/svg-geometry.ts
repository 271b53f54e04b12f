import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'
import type { HostGroup } from './group-hosts.ts'

/** All lengths in pixels, positions from the upper left corner of the picture. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Shape =
  | { readonly kind: 'domain'; readonly at: Rectangle; readonly title: string; readonly depth: number }
  | { readonly kind: 'host'; readonly at: Rectangle; readonly host: LayoutNode__Output }

export const CARD = { width: 212, padding: 10, title: 20, bar: 16, chip: 22, empty: 20 } as const
const GAP = 14
const HEADING = 26
/** Wider pictures are hard to read on a screen and impossible on paper. */
const MAX_WIDTH = 1500
/** Width to height of a page or a screen. */
const BEST_ASPECT = 1.4

interface Block {
  readonly width: number
  readonly height: number
  place(x: number, y: number): readonly Shape[]
}

/** Where every box and card goes: of some arrangements the one that is nearest to a page's proportions. */
export function arrange(fleet: HostGroup): {
  readonly width: number
  readonly height: number
  readonly shapes: readonly Shape[]
} {
  const candidates = [1, 2, 3, 4, 5, 6].flatMap(columns =>
    [1, 2, 3, 4, 6, 8, 12].map(perRow => domainBlock(fleet, { columns, perRow, depth: 0 })),
  )
  const best = candidates.reduce((left, right) => (cost(right) < cost(left) ? right : left))
  return { width: best.width, height: best.height, shapes: best.place(0, 0) }
}

/** Room that is wasted, and distance from a page's proportions. */
function cost({ width, height }: Block): number {
  const tooWide = Math.max(0, width - MAX_WIDTH)
  return width * height * (1 + Math.abs(Math.log(width / height / BEST_ASPECT))) + tooWide * 1e6
}

interface Arrangement {
  /** Hosts side by side. */
  readonly columns: number
  /** Domains side by side. */
  readonly perRow: number
  readonly depth: number
}

function domainBlock(group: HostGroup, arrangement: Arrangement): Block {
  const { columns, perRow, depth } = arrangement
  const inner =
    group.groups.length > 0
      ? rows(
          chunks(
            group.groups.map(each => domainBlock(each, { ...arrangement, depth: depth + 1 })),
            perRow,
          ),
        )
      : rows(chunks(evenHeights(group.hosts, columns), columns))
  if (group.title === '') return inner
  return {
    width: Math.max(inner.width + 2 * GAP, 0),
    height: inner.height + HEADING + GAP,
    place: (x, y) => [
      {
        kind: 'domain',
        at: { x, y, width: inner.width + 2 * GAP, height: inner.height + HEADING + GAP },
        title: group.title,
        depth,
      },
      ...inner.place(x + GAP, y + HEADING),
    ],
  }
}

/** Blocks side by side, rows below each other. */
function rows(lines: readonly (readonly Block[])[]): Block {
  const sizes = lines.map(line => ({
    width: line.reduce((sum, block) => sum + block.width, 0) + GAP * Math.max(0, line.length - 1),
    height: Math.max(0, ...line.map(block => block.height)),
  }))
  return {
    width: Math.max(0, ...sizes.map(({ width }) => width)),
    height: sizes.reduce((sum, { height }) => sum + height, 0) + GAP * Math.max(0, lines.length - 1),
    place: (left, top) => {
      let y = top
      return lines.flatMap((line, index) => {
        let x = left
        const shapes = line.flatMap(block => {
          const placed = block.place(x, y)
          x += block.width + GAP
          return placed
        })
        y += (sizes[index]?.height ?? 0) + GAP
        return shapes
      })
    },
  }
}

/** Cards of one row are as high as the highest of them. */
function evenHeights(hosts: readonly LayoutNode__Output[], columns: number): readonly Block[] {
  return chunks(hosts, columns).flatMap(line => {
    const height = Math.max(...line.map(cardHeight))
    return line.map(host => ({
      width: CARD.width,
      height,
      place: (x: number, y: number): readonly Shape[] => [
        { kind: 'host', at: { x, y, width: CARD.width, height }, host },
      ],
    }))
  })
}

function cardHeight(host: LayoutNode__Output): number {
  const content = host.instances.length === 0 ? CARD.empty : host.instances.length * CARD.chip
  return 2 * CARD.padding + CARD.title + knownLoads(host).length * CARD.bar + content
}

/** Resources of which the load is known, in the order in which they are drawn. */
export function knownLoads({ load }: LayoutNode__Output): readonly { readonly name: string; readonly share: number }[] {
  return (['cores', 'memory', 'disk', 'iops'] as const).flatMap(name => {
    const share = load?.[name]
    return share === undefined ? [] : [{ name, share }]
  })
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const lines: T[][] = []
  for (let start = 0; start < items.length; start += size) lines.push(items.slice(start, start + size))
  return lines
}

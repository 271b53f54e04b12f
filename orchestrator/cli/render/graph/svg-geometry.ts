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

export const CARD = { width: 232, padding: 10, title: 20, bar: 16, chip: 22, empty: 20 } as const
const GAP = 14
const HEADING = 26
/** Wider pictures are hard to read on a screen and impossible on paper. */
const MAX_WIDTH = 1600
/** Width to height of a page or a screen. */
const BEST_ASPECT = 1.4
/** How much proportions count beside room that is wasted. */
const ASPECT_WEIGHT = 0.5
/** A narrower picture is as wide, because of its legend. */
export const LEAST_WIDTH = 600
const HOSTS_PER_ROW = [1, 2, 3, 4, 5, 6]
const DOMAINS_PER_ROW = [1, 2, 3, 4, 5, 6]

interface Block {
  readonly width: number
  readonly height: number
  /** `height` at least its own. */
  place(x: number, y: number, height: number): readonly Shape[]
}

/** Where every box and card goes: of some arrangements the one that wastes least and is nearest to a page's proportions. */
export function arrange(fleet: HostGroup): {
  readonly width: number
  readonly height: number
  readonly shapes: readonly Shape[]
} {
  const candidates = HOSTS_PER_ROW.flatMap(hosts =>
    domainsPerRow(depthOf(fleet)).map(domains => domainBlock(fleet, { hosts, domains, depth: 0 })),
  )
  const best = candidates.reduce((left, right) => (cost(right) < cost(left) ? right : left))
  return { width: best.width, height: best.height, shapes: best.place(0, 0, best.height) }
}

function cost(block: Block): number {
  const { height } = block
  const width = Math.max(LEAST_WIDTH, block.width)
  const tooWide = Math.max(0, width - MAX_WIDTH)
  return width * height * (1 + ASPECT_WEIGHT * Math.abs(Math.log(width / height / BEST_ASPECT))) + tooWide * 1e6
}

function depthOf({ groups }: HostGroup): number {
  return groups.length === 0 ? 0 : 1 + Math.max(...groups.map(depthOf))
}

/** Every choice of how many domains stand side by side, level by level. */
function domainsPerRow(levels: number): readonly (readonly number[])[] {
  if (levels === 0) return [[]]
  return domainsPerRow(levels - 1).flatMap(narrower => DOMAINS_PER_ROW.map(count => [count, ...narrower]))
}

interface Arrangement {
  /** Hosts side by side. */
  readonly hosts: number
  /** Domains side by side, from the widest level. */
  readonly domains: readonly number[]
  readonly depth: number
}

function domainBlock(group: HostGroup, { hosts, domains: [perRow = 1, ...narrower], depth }: Arrangement): Block {
  const inside = group.groups.map(each => domainBlock(each, { hosts, domains: narrower, depth: depth + 1 }))
  const inner =
    inside.length > 0
      ? rows(chunks(inside, perRow).map(evenHeights))
      : rows(chunks(group.hosts.map(card), hosts).map(evenHeights))
  if (group.title === '') return inner
  return {
    width: inner.width + 2 * GAP,
    height: inner.height + HEADING + GAP,
    place: (x, y, height) => [
      { kind: 'domain', at: { x, y, width: inner.width + 2 * GAP, height }, title: group.title, depth },
      ...inner.place(x + GAP, y + HEADING, inner.height),
    ],
  }
}

function card(host: LayoutNode__Output): Block {
  const height = cardHeight(host)
  return {
    width: CARD.width,
    height,
    place: (x, y, stretched) => [{ kind: 'host', at: { x, y, width: CARD.width, height: stretched }, host }],
  }
}

/** What stands side by side is as high as the highest of it. */
function evenHeights(line: readonly Block[]): readonly Block[] {
  const height = Math.max(...line.map(block => block.height))
  return line.map(block => ({ ...block, height }))
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
          const placed = block.place(x, y, block.height)
          x += block.width + GAP
          return placed
        })
        y += (sizes[index]?.height ?? 0) + GAP
        return shapes
      })
    },
  }
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

import type { LayoutInstance__Output } from '../../../../proto/gen/drover/v1/LayoutInstance.ts'
import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'
import { share } from '../units.ts'
import { roleStyle } from './roles.ts'
import { rectangle, text } from './svg-elements.ts'
import { CARD, knownLoads, type Rectangle } from './svg-geometry.ts'

const VOTER_WIDTH = 52
const LABEL_WIDTH = 50
const SHARE_WIDTH = 42

/** One host: name, vote, load bars, instances. */
export function hostCard(host: LayoutNode__Output, at: Rectangle): readonly string[] {
  const left = at.x + CARD.padding
  const width = at.width - 2 * CARD.padding
  const isEmpty = host.instances.length === 0
  const loads = knownLoads(host)
  const barsTop = at.y + CARD.padding + CARD.title
  const chipsTop = barsTop + loads.length * CARD.bar
  const titleWidth = host.voter === '' ? width : width - VOTER_WIDTH - 6
  return [
    rectangle(at, { fill: '#ffffff', stroke: '#8c959f', radius: 6, dashed: isEmpty && host.voter === '' }),
    text({ x: left, y: at.y + CARD.padding + 11, size: 13, weight: 600, width: titleWidth }, host.node),
    ...(host.voter === '' ? [] : voterBadge(host.voter, left + width - VOTER_WIDTH, at.y + CARD.padding - 2)),
    ...loads.flatMap(({ name, share: taken }, index) =>
      loadBar({ name, taken, at: { x: left, y: barsTop + index * CARD.bar, width, height: CARD.bar } }),
    ),
    ...host.instances.flatMap((instance, index) =>
      chip(instance, { x: left, y: chipsTop + index * CARD.chip + 2, width, height: CARD.chip - 4 }),
    ),
    ...(isEmpty ? [text({ x: left, y: chipsTop + 13, size: 11, fill: '#6e7781' }, 'no instance')] : []),
  ]
}

function voterBadge(voter: string, x: number, y: number): readonly string[] {
  return [
    rectangle({ x, y, width: VOTER_WIDTH, height: 16 }, { fill: '#1f2328', radius: 8 }),
    text({ x: x + 8, y: y + 12, size: 10, fill: '#ffffff', width: VOTER_WIDTH - 10 }, voter),
  ]
}

function loadBar({
  name,
  taken,
  at,
}: {
  readonly name: string
  readonly taken: number
  readonly at: Rectangle
}): readonly string[] {
  const track = { x: at.x + LABEL_WIDTH, y: at.y + 4, width: at.width - LABEL_WIDTH - SHARE_WIDTH, height: 7 }
  return [
    text({ x: at.x, y: at.y + 11, size: 10, fill: '#57606a' }, name),
    rectangle(track, { fill: '#eaeef2', radius: 3 }),
    ...(taken <= 0
      ? []
      : [rectangle({ ...track, width: track.width * Math.min(1, taken) }, { fill: loadColour(taken), radius: 3 })]),
    text({ x: at.x + at.width, y: at.y + 11, size: 10, fill: '#57606a', anchor: 'end' }, share(taken)),
  ]
}

function loadColour(taken: number): string {
  if (taken > 1) return '#b42318'
  return taken > 0.8 ? '#d97706' : '#2f855a'
}

function chip({ instance, purpose }: LayoutInstance__Output, at: Rectangle): readonly string[] {
  const { fill, text: colour } = roleStyle(purpose)
  const purposeWidth = Math.max(50, purpose.length * 6)
  return [
    rectangle(at, { fill, radius: 4 }),
    text(
      { x: at.x + 7, y: at.y + 12.5, size: 11, fill: colour, weight: 600, width: at.width - purposeWidth - 14 },
      instance,
    ),
    text({ x: at.x + at.width - 7, y: at.y + 12.5, size: 10, fill: colour, anchor: 'end' }, purpose),
  ]
}

import type { Rectangle } from './svg-geometry.ts'

export function rectangle(
  { x, y, width, height }: Rectangle,
  style: { readonly fill: string; readonly stroke?: string; readonly radius?: number; readonly dashed?: boolean },
): string {
  const stroke = style.stroke === undefined ? '' : ` stroke="${style.stroke}"`
  const radius = style.radius === undefined ? '' : ` rx="${style.radius}"`
  const dashes = style.dashed === true ? ' stroke-dasharray="4 3"' : ''
  return `<rect x="${pixels(x)}" y="${pixels(y)}" width="${pixels(width)}" height="${pixels(height)}" fill="${style.fill}"${stroke}${radius}${dashes}/>`
}

export interface TextStyle {
  readonly x: number
  /** Of the base line. */
  readonly y: number
  readonly size: number
  readonly weight?: number
  readonly fill?: string
  readonly anchor?: 'start' | 'end'
  /** What does not fit is shortened in the middle and shown whole when pointed at. */
  readonly width?: number
}

export function text({ x, y, size, weight, fill = '#1f2328', anchor, width }: TextStyle, content: string): string {
  const shown = width === undefined ? content : shortened(content, Math.floor(width / (size * LETTER)))
  const bold = weight === undefined ? '' : ` font-weight="${weight}"`
  const end = anchor === undefined ? '' : ` text-anchor="${anchor}"`
  const whole = shown === content ? '' : `<title>${escaped(content)}</title>`
  return `<text x="${pixels(x)}" y="${pixels(y)}" font-size="${size}" fill="${fill}"${bold}${end}>${whole}${escaped(shown)}</text>`
}

/** Shown when it is pointed at. */
export function titled(element: string, title: string): string {
  return `<g><title>${escaped(title)}</title>${element}</g>`
}

/** Mean width of a letter as a share of its height in the widest of the usual sans-serif fonts. */
const LETTER = 0.62

/** The end stays: numbers and domains tell long names apart. */
function shortened(content: string, letters: number): string {
  if (content.length <= letters) return content
  const end = Math.floor(letters / 3)
  return `${content.slice(0, letters - end - 1)}…${content.slice(content.length - end)}`
}

/** Characters that XML gives a meaning; control characters, which it forbids, go. */
function escaped(content: string): string {
  return content
    .replaceAll(/\p{Cc}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function pixels(value: number): string {
  return String(Math.round(value * 10) / 10)
}

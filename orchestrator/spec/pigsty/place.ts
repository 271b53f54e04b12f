import type { Path, Position, Source } from '../source.ts'

/** `all.children.pg-meta.hosts["10.10.10.10"].pg_seq`. */
export function placeText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!/^[\w()-]+$/.test(step)) return `${text}["${step}"]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** The key, not its value, is where a person looks. */
export function positionOf(source: Source, path: Path): Position | undefined {
  const last = path.at(-1)
  return typeof last === 'string' ? source.keyPosition(path.slice(0, -1), last) : source.position(path)
}

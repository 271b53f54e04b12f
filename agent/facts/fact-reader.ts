import { DroverError } from '../../shared/domain/errors.ts'
import { type Fact, known, unknown } from '../../shared/domain/facts.ts'
import type { HostFiles } from '../host/files-types.ts'

/** Reads one value from one file of the kernel: the fact's source is the path, and a refusal becomes an unknown that says why. */
export interface FactReader {
  /** The file's text without surrounding white space; empty text is unknown. */
  text(path: string): Promise<Fact<string>>
  /** A whole, not negative number. */
  count(path: string): Promise<Fact<number>>
  parsed<T>(path: string, parse: (text: string) => T | undefined): Promise<Fact<T>>
}

export function createFactReader(files: Pick<HostFiles, 'readText'>): FactReader {
  async function parsed<T>(path: string, parse: (text: string) => T | undefined): Promise<Fact<T>> {
    const text = await readOrReason(files, path)
    if ('unknown' in text) return text
    const value = parse(text.value)
    return value === undefined ? unknown(`${path} says ${JSON.stringify(text.value.slice(0, 80))}`) : known(value, path)
  }
  return {
    parsed,
    text: path => parsed(path, text => (text === '' ? undefined : text)),
    count: path => parsed(path, parseCount),
  }
}

async function readOrReason(files: Pick<HostFiles, 'readText'>, path: string): Promise<Fact<string>> {
  try {
    const text = await files.readText(path)
    return text === null ? unknown(`${path} is absent`) : known(text.trim(), path)
  } catch (error) {
    return unknown(DroverError.from(error).code === 'denied' ? `needs root: ${path}` : `${path} cannot be read`)
  }
}

export function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** The same fact with another value, or the same unknown. */
export function mapFact<A, B>(fact: Fact<A>, change: (value: A) => B): Fact<B> {
  return 'unknown' in fact ? fact : known(change(fact.value), fact.source)
}

/** The first known one; when none is, all the reasons. */
export async function firstKnown<T>(...attempts: readonly (() => Promise<Fact<T>> | Fact<T>)[]): Promise<Fact<T>> {
  const reasons: string[] = []
  for (const attempt of attempts) {
    const fact = await attempt()
    if (!('unknown' in fact)) return fact
    reasons.push(fact.unknown)
  }
  return unknown([...new Set(reasons)].join('; '))
}

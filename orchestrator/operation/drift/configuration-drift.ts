import type { ClusterDriftItem, DriftRepair } from '../../../shared/domain/cluster-drift.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import { isPrivateSetting } from './private-setting.ts'

type Section = Readonly<Record<string, unknown>>

export interface ConfigurationDrift {
  readonly items: readonly ClusterDriftItem[]
  /** What is there, but for what is left to people; absent: nothing is to be put back. */
  readonly putBack?: Section
}

/**
 * Patroni's dynamic configuration in etcd against the one that was applied. What was added by hand goes, but for what may hold WAL that
 * somebody needs, or decides who may take writes. Pure.
 */
export function configurationDrift(cluster: ClusterName, wanted: Section, found: Section): ConfigurationDrift {
  const items = differences(wanted, found, []).map(difference => item(cluster, difference))
  const isPutBack = items.some(({ repair }) => repair.by === 'apply')
  return { items, ...(isPutBack ? { putBack: withoutLeft(wanted, found) } : {}) }
}

interface Difference {
  readonly path: readonly string[]
  readonly wanted: unknown
  readonly found: unknown
}

/** The pause has a finding of its own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['pause'])

function differences(wanted: Section, found: Section, path: readonly string[]): readonly Difference[] {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].toSorted()
  return keys.flatMap((key): readonly Difference[] => {
    const [want, have] = [wanted[key], found[key]]
    const here = [...path, key]
    if (path.length === 0 && ELSEWHERE.has(key)) return []
    if (isSection(want) && isSection(have)) return differences(want, have, here)
    // Patroni gives an empty section back as nothing at all.
    if (isNothing(want) && isNothing(have)) return []
    return same(want, have) ? [] : [{ path: here, wanted: want, found: have }]
  })
}

/** A slot, a rule which slots to spare, and the word that a cluster follows another one: never taken away, only put back. */
const LEFT_WHEN_ADDED: ReadonlySet<string> = new Set(['slots', 'ignore_slots', 'standby_cluster'])

function isLeft({ path: [top = ''], wanted }: Difference): boolean {
  return LEFT_WHEN_ADDED.has(top) && wanted === undefined
}

function withoutLeft(wanted: Section, found: Section): Section {
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
      if (ELSEWHERE.has(key)) return []
      if (!LEFT_WHEN_ADDED.has(key)) return [[key, value]]
      const want = wanted[key]
      if (!isSection(want) || !isSection(value)) return want === undefined ? [] : [[key, value]]
      return [[key, Object.fromEntries(Object.entries(value).filter(([name]) => name in want))]]
    }),
  )
}

function item(cluster: ClusterName, difference: Difference): ClusterDriftItem {
  const { path, wanted, found } = difference
  const name = path.join('.')
  const repair: DriftRepair = isLeft(difference)
    ? { by: 'people', command: `patronictl edit-config ${cluster} --set ${name}=null` }
    : { by: 'apply', how: 'configure' }
  return { kind: 'configuration', name, repair, ...shownPair(path, wanted, found) }
}

function shownPair(
  path: readonly string[],
  wanted: unknown,
  found: unknown,
): Pick<ClusterDriftItem, 'expected' | 'found'> {
  const text = (value: unknown): string | undefined => {
    if (value === undefined || value === null) return 'not set'
    if (!isPlain(value) || isPrivate(path)) return undefined
    return path[1] === 'parameters' ? spelled(value) : String(value)
  }
  return {
    expected: text(wanted) ?? 'as applied',
    found: text(found) ?? (wanted === undefined ? 'set' : 'another value'),
  }
}

/** Credentials, commands that may hold them, and what belongs to an extension or to somebody's application. */
function isPrivate([top, section, ...rest]: readonly string[]): boolean {
  if (top === 'postgresql' && section !== 'parameters') return !(section ?? '').startsWith('use_')
  return isPrivateSetting([top, section, ...rest].at(-1) ?? '') || rest.join('.').includes('.')
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (isSection(value) && Object.keys(value).length === 0)
}

function same(left: unknown, right: unknown): boolean {
  if (isPlain(left) && isPlain(right)) return spelled(left) === spelled(right)
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null)
}

/** As PostgreSQL says it: `on` and true, `100` and 100 are one value to Patroni. */
function spelled(value: string | number | boolean): string {
  const text = String(value)
  return text === 'true' ? 'on' : text === 'false' ? 'off' : text
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

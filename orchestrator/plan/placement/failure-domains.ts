import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { domainOf } from './spread.ts'

/** For each key from wide to narrow the domain of each node, as a number that nodes of one domain share. */
export function domainLevels(nodes: readonly SnapshotNode[], keys: readonly string[]): readonly Int32Array[] {
  return keys.map((_, index) => numbered(nodes.map(node => domainOf(node, keys.slice(0, index + 1)))))
}

/**
 * The label whose loss is reckoned with besides that of a single node: the zone where nodes have one, else the widest
 * label of which there are two values or more.
 */
export function lossKeys(nodes: readonly SnapshotNode[], keys: readonly string[]): readonly string[] {
  const values = (key: string): number => new Set(nodes.flatMap(node => node.labels[key] ?? [])).size
  if (values('zone') > 1) return keys.includes('zone') ? keys.slice(0, keys.indexOf('zone') + 1) : ['zone']
  const index = keys.findIndex(key => values(key) > 1)
  return index < 0 ? [] : keys.slice(0, index + 1)
}

/** Equal texts get equal numbers. */
export function numbered(texts: readonly string[]): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(texts, text => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
}

import { type Fact, factOr } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { majorMinor } from '../node-view.ts'

/**
 * In what two nodes differ that members of one cluster must share (S7), said of each; undefined when in nothing. A part
 * that one of them does not know now is no difference: what runs is not stopped by a fact that is missing.
 */
export function platformDifference(
  one: SnapshotNode,
  other: SnapshotNode,
): { readonly left: string; readonly right: string } | undefined {
  const [own, their] = [partsOf(one), partsOf(other)]
  const names = Object.keys(own).filter(name => {
    const [left, right] = [own[name], their[name]]
    return left !== undefined && right !== undefined && left !== right
  })
  if (names.length === 0) return undefined
  const said = (parts: Readonly<Record<string, string | undefined>>): string =>
    names.map(name => `${name} ${parts[name] ?? ''}`).join(', ')
  return { left: said(own), right: said(their) }
}

function partsOf({ os, facts }: SnapshotNode): Readonly<Record<string, string | undefined>> {
  return {
    OS: os,
    architecture: facts === undefined ? undefined : factOr<string | undefined>(facts.architecture, undefined),
    glibc: facts === undefined ? undefined : collation(facts.glibc),
    ICU: facts === undefined ? undefined : collation(facts.icu),
  }
}

function collation(version: Fact<string>): string | undefined {
  return 'unknown' in version ? undefined : majorMinor(version.value)
}

import { factOr } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'

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
    glibc: facts === undefined ? undefined : majorMinor(factOr<string | undefined>(facts.glibc, undefined)),
    ICU: facts === undefined ? undefined : majorMinor(factOr<string | undefined>(facts.icu, undefined)),
  }
}

/** `2.41` of `2.41-12+deb13u1`: patches of a distribution do not change a collation. */
function majorMinor(version: string | undefined): string | undefined {
  return version === undefined ? undefined : (/^\d+(\.\d+)?/.exec(version)?.[0] ?? version)
}

import type { PackageFact } from '../../shared/domain/facts.ts'
import { parseDpkgPackages } from '../host/dpkg-status.ts'

/** The installed packages of a dpkg status file, sorted by name, then architecture. */
export function packageFacts(statusText: string): readonly PackageFact[] {
  return parseDpkgPackages(statusText)
    .filter(({ state }) => state === 'installed')
    .map(({ name, version, architecture }) => ({ name, version, architecture }))
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.architecture, b.architecture))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

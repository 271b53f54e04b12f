import { createHash } from 'node:crypto'
import { upstream } from '../../../../shared/domain/debian-version.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { PackageItem } from '../../../../shared/domain/manifest.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import { isServerPackage } from '../../../plan/runtime-packages.ts'

/** By package, what the fleet's sources have: exact Debian versions, newest first. */
export type Offers = Readonly<Record<string, readonly string[]>>

export interface PackageSet {
  /** `17.12`. */
  readonly serverVersion: string
  /** Sorted by name. */
  readonly packages: readonly PackageItem[]
}

/**
 * The packages of one version: the newest on offer, or the newest that is `to` (`17.12`, or an exact Debian version). What is built
 * with the server has its version, the rest its newest. Errors: `not-found` with what is on offer. Pure.
 */
export function choosePackages({
  major,
  names,
  offers,
  to,
}: {
  readonly major: number
  readonly names: readonly string[]
  readonly offers: Offers
  readonly to?: string
}): PackageSet {
  const server = `postgresql-${major}`
  const offered = offers[server] ?? []
  const version = to === undefined ? offered[0] : offered.find(each => each === to || upstream(each) === to)
  if (version === undefined) throw notOffered(to === undefined ? server : `${server} ${to}`, offered)
  const packages = [...new Set(names)].sort().map(name => {
    const own = offers[name] ?? []
    const chosen = own.includes(version) ? version : own[0]
    if (chosen === undefined) throw notOffered(name, [])
    return { name, version: chosen }
  })
  return { serverVersion: upstream(version), packages }
}

/**
 * With those that they depend on and that lie below the server's folders, too: PostGIS has its SQL in a package of its own. Other
 * dependencies are installed, for all servers of the machine. Sorted by name. Pure.
 */
export function serverPackages(
  packages: readonly PackageItem[],
  dependencies: readonly PackageItem[],
  major: number,
): readonly PackageItem[] {
  const more = dependencies.filter(
    ({ name }) => isServerPackage(name, major) && !packages.some(each => each.name === name),
  )
  return [...packages, ...more].sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** The same packages have the same name. */
export function runtimeIdOf({ serverVersion, packages }: PackageSet): RuntimeId {
  const text = packages.map(({ name, version }) => `${name}=${version}`).join('\n')
  return `${serverVersion}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
}

function notOffered(what: string, offered: readonly string[]): DroverError {
  const others = offered.length === 0 ? '' : `; on offer: ${[...new Set(offered.map(upstream))].join(', ')}`
  return new DroverError('not-found', `no package source has ${what}${others}`, {
    retryable: false,
    hint: 'drover node list --packages shows what is on offer',
  })
}

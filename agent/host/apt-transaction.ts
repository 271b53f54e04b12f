import { DroverError } from '../../shared/domain/errors.ts'
import type { PackageItem } from '../../shared/domain/manifest.ts'

/** What apt says beforehand that it would do. */
export interface Transaction {
  readonly removed: readonly PackageItem[]
  /** Installed packages that would get another version. */
  readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}

/**
 * Preferences under which apt leaves every installed package at its version. Without them it brings packages that were built together to
 * one version, and takes away whatever needs the former one.
 */
export const KEEP_INSTALLED = `Explanation: written by drover-agent
Package: *
Pin: release a=now
Pin-Priority: 990
`

/** Reads `apt-get --simulate install`. Pure. */
export function parseTransaction(stdout: string): Transaction {
  const lines = stdout.split('\n')
  return {
    removed: lines.flatMap(line => {
      const { name, version } = REMOVED.exec(line)?.groups ?? {}
      return name === undefined || version === undefined ? [] : [{ name, version }]
    }),
    changed: lines.flatMap(line => {
      const { name, from, to } = CHANGED.exec(line)?.groups ?? {}
      return name === undefined || from === undefined || to === undefined || from === to ? [] : [{ name, from, to }]
    }),
  }
}

/** `Remv curl [8.14.1-2+deb13u5]` */
const REMOVED = /^(?:Remv|Purg) (?<name>\S+) \[(?<version>[^\]]+)\]/
/** `Inst libcurl4t64 [8.14.1-2+deb13u5] (8.14.1-2+deb13u7 Debian:13 [amd64])` */
const CHANGED = /^Inst (?<name>\S+) \[(?<from>[^\]]+)\] \((?<to>\S+) /

const SHOWN = 5

/** Nothing of a manifest asks for a removal: what would go is somebody else's. */
export function refusedRemoval({ removed, changed }: Transaction): DroverError {
  const gone = removed.map(({ name, version }) => `${name} ${version}`)
  const moved = changed.map(({ name, from, to }) => `${name} ${from} to ${to}`)
  const why = moved.length === 0 ? '' : `, and take ${list(moved)}`
  return new DroverError('conflict', `apt would have to remove ${list(gone)} from this host${why}`, {
    retryable: false,
    hint: 'nothing was changed: give the fleet what fits beside it (a package source, or drover packages add), or remove it by hand if nothing needs it; then apply again',
  })
}

function list(texts: readonly string[]): string {
  const more = texts.length > SHOWN ? [`${texts.length - SHOWN} more`] : []
  return [...texts.slice(0, SHOWN), ...more].join(', ')
}

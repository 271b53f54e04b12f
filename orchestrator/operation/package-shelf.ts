import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import type { PackageItem } from '../../shared/domain/manifest.ts'
import type { FillProgress, PackageRepository } from '../packages/package-repository.ts'
import { plural } from '../plan/problems.ts'
import type { PackageShelf } from './dependencies.ts'

/**
 * The engine's view of the fleet repository. Resolutions assume nothing about what a host has (about 130 MB for a whole
 * cluster): the same request is then the same for every host and at any time, and is answered without a network.
 */
export function createPackageShelf(repository: PackageRepository): PackageShelf {
  return {
    async offers(os, names, signal) {
      const offered = await repository.versions({ os, names, signal })
      return Object.fromEntries(
        Object.entries(offered).map(([name, versions]) => [name, versions.map(({ version }) => version)]),
      )
    },
    async closure({ os, packages, signal }) {
      const { packages: all, missing } = await repository.resolve({
        os,
        packages: packages.map(requestOf),
        installed: null,
        signal,
      })
      if (missing.length > 0) throw new DroverError('not-found', missing.map(({ message }) => message).join('; '))
      return all.map(({ name, version }) => ({ name, version }))
    },
    async fill({ os, packages, signal, onProgress }) {
      await repository.fill({
        os,
        packages: packages.map(requestOf),
        installed: null,
        signal,
        progress: progress => onProgress(describe(progress)),
      })
    },
  }
}

function requestOf({ name, version }: PackageItem): string {
  return `${name}=${version}`
}

function describe(progress: FillProgress): string {
  switch (progress.phase) {
    case 'lists':
      return 'asking the package sources'
    case 'resolve':
      return 'resolving dependencies'
    case 'download':
      return `downloading ${plural(progress.packages, 'package')}, ${Math.round(progress.bytes / 1e6)} MB: ${progress.percent} %`
    case 'index':
      return 'publishing the signed index'
    default:
      return assertNever(progress)
  }
}

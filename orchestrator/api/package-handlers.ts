import type { ExtensionOffer } from '../../proto/gen/drover/v1/ExtensionOffer.ts'
import type { FillPackagesProgress } from '../../proto/gen/drover/v1/FillPackagesProgress.ts'
import type { RepositoryPackage } from '../../proto/gen/drover/v1/RepositoryPackage.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { Queue } from '../../shared/lib/queue.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { osOf } from '../inventory/snapshot-builder.ts'
import type { FillProgress } from '../packages/package-repository.ts'
import { extensionPackages } from '../plan/extensions.ts'
import { isSupported, majorOn } from '../plan/operating-systems.ts'
import { plural } from '../plan/problems.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { basicPackages } from './basic-packages.ts'
import { extensionsOffered } from './encode-extensions.ts'
import { type FleetView, readView } from './fleet-view.ts'

export function createPackageHandlers(
  deps: ApiDeps,
): Pick<FleetServer, 'ListPackages' | 'ListExtensions' | 'FillPackages' | 'AddPackages'> {
  const { packages, fleet } = deps
  return {
    ListPackages: async (_request, context) => {
      actorOf(context, fleet.id)
      const pooled = await packages.list()
      return { packages: pooled.map(({ os, name, version, sizeBytes }) => ({ os, name, version, sizeBytes })) }
    },
    ListExtensions: async (request, context) => {
      actorOf(context, fleet.id)
      const view = await readView(deps)
      const extensions: ExtensionOffer[] = []
      for (const os of systemsOf(view, request.os)) {
        if (!isSupported(os))
          throw new DroverError('invalid', `Drover does not run on ${os}`, { hint: 'debian13, debian12' })
        const major = request.major === 0 ? majorOn(os, undefined) : request.major
        const names = [`postgresql-${major}`, ...extensionPackages(major)]
        const offers = await packages.versions({ os, names, signal: context.signal })
        const versions = Object.fromEntries(
          Object.entries(offers).flatMap(([name, [newest]]) => (newest === undefined ? [] : [[name, newest.version]])),
        )
        extensions.push(...extensionsOffered({ os, major, versions, view }))
      }
      return { extensions }
    },
    AddPackages: async (request, context) => {
      const actor = actorOf(context, fleet.id)
      const added: RepositoryPackage[] = []
      for (const path of request.paths)
        for (const { os, name, version, sizeBytes } of await packages.add({ os: request.os, path }))
          added.push({ os, name, version, sizeBytes })
      const names = new Set(added.map(({ name = '', version = '' }) => `${name} ${version}`))
      await deps.audit.append({ type: 'packages:added', actor, subject: [...names].join(', '), detail: '' })
      return { packages: added }
    },
    FillPackages: async function* (request, context) {
      const actor = actorOf(context, fleet.id)
      const signal = AbortSignal.any([context.signal, deps.stopping])
      const view = await readView(deps)
      const systems = systemsOf(view, request.os)
      for (const os of systems) {
        const wanted = [...new Set([...basicPackages(os, view.spec), ...request.packages])]
        yield* fill({ os, wanted, signal })
      }
      await deps.audit.append({ type: 'packages:filled', actor, subject: systems.join(', '), detail: '' })
    },
  }

  async function* fill(parts: {
    readonly os: string
    readonly wanted: readonly string[]
    readonly signal: AbortSignal
  }): AsyncGenerator<FillPackagesProgress, void, undefined> {
    const { os, wanted, signal } = parts
    const lines = new Queue<FillPackagesProgress>({ maxItems: 64, whenFull: 'drop-oldest' })
    const filled = packages
      .fill({
        os,
        packages: wanted,
        installed: null,
        signal,
        progress: step => void lines.push(encodeProgress(os, step)),
      })
      .finally(() => lines.close())
    filled.catch(() => undefined)
    yield* lines
    const { packages: all, downloaded, downloadedBytes } = await filled
    const message =
      downloaded === 0
        ? `${plural(all.length, 'package')}, all here already`
        : `${downloaded} of ${plural(all.length, 'package')} fetched`
    yield { os, message, doneBytes: downloadedBytes, totalBytes: downloadedBytes }
  }
}

/** Those that were named, or those that nodes run. */
function systemsOf({ nodes }: FleetView, named: readonly string[]): readonly string[] {
  if (named.length > 0) return named
  const known = [...nodes.values()].flatMap(({ facts }) => (facts === undefined ? [] : (osOf(facts) ?? [])))
  if (known.length > 0) return [...new Set(known)].sort()
  throw new DroverError('invalid', 'no node has told its operating system yet', { hint: 'name one: --os debian13' })
}

function encodeProgress(os: string, progress: FillProgress): FillPackagesProgress {
  if (progress.phase !== 'download') {
    const messages = {
      lists: 'reading package lists',
      resolve: 'resolving dependencies',
      index: 'publishing the index',
    }
    return { os, message: messages[progress.phase] }
  }
  const { packages, bytes, percent } = progress
  const message = `fetching ${plural(packages, 'package')}, ${Math.round(percent)} %`
  return { os, message, doneBytes: Math.round((bytes * percent) / 100), totalBytes: bytes }
}

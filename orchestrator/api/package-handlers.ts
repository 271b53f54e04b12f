import type { FillPackagesProgress } from '../../proto/gen/drover/v1/FillPackagesProgress.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { Queue } from '../../shared/lib/queue.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { osOf } from '../inventory/snapshot-builder.ts'
import type { FillProgress } from '../packages/package-repository.ts'
import { plural } from '../plan/problems.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { basicPackages } from './basic-packages.ts'
import { readView } from './fleet-view.ts'

export function createPackageHandlers(deps: ApiDeps): Pick<FleetServer, 'ListPackages' | 'FillPackages'> {
  const { packages, fleet } = deps
  return {
    ListPackages: async (_request, context) => {
      actorOf(context, fleet.id)
      const pooled = await packages.list()
      return { packages: pooled.map(({ os, name, version, sizeBytes }) => ({ os, name, version, sizeBytes })) }
    },
    FillPackages: async function* (request, context) {
      const actor = actorOf(context, fleet.id)
      const signal = AbortSignal.any([context.signal, deps.stopping])
      const view = await readView(deps)
      const known = [...view.nodes.values()].flatMap(({ facts }) => (facts === undefined ? [] : (osOf(facts) ?? [])))
      const systems = request.os.length > 0 ? request.os : [...new Set(known)].sort()
      if (systems.length === 0) {
        throw new DroverError('invalid', 'no node has told its operating system yet', {
          hint: 'name one: --os debian13',
        })
      }
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

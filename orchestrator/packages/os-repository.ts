import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { addToPool } from './add-to-pool.ts'
import { answerKey, openAnswers } from './answers.ts'
import type { AptSource } from './apt-source.ts'
import { renderSources } from './apt-source.ts'
import type { AptWorkspace } from './apt-workspace.ts'
import { prepareWorkspace } from './apt-workspace.ts'
import type { Download } from './download.ts'
import { downloadIntoPool, StaleListsError } from './download.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { packageLists } from './package-lists.ts'
import type {
  DebPackage,
  FillRequest,
  FillResult,
  MissingPackage,
  OfferedVersion,
  ResolvedPackage,
  ResolveRequest,
  VersionsRequest,
} from './package-repository.ts'
import type { PackageRequest } from './package-request.ts'
import { parsePackageRequests, requestText } from './package-request.ts'
import { isPooled, listPool, poolPath } from './pool.ts'
import { indexState, publish } from './publish.ts'
import { createResolver } from './resolver.ts'
import type { RunCommand } from './run-command.ts'
import type { SigningKey } from './signing-key.ts'

export interface OsRepositoryOptions {
  readonly os: string
  readonly sources: readonly AptSource[]
  readonly aptOptions: readonly string[]
  readonly workspace: AptWorkspace
  /** What is served: `pool` and `dists` of this OS. */
  readonly osDirectory: string
  readonly key: SigningKey
  readonly listsMaxAgeMs: number
  readonly run: RunCommand
  readonly freeBytes: (path: string) => Promise<number>
  readonly now: () => number
}

/** The repository of one host OS. */
export interface OsRepository {
  versions(request: Omit<VersionsRequest, 'os'>): Promise<Readonly<Record<string, readonly OfferedVersion[]>>>
  resolve(
    request: Omit<ResolveRequest, 'os'>,
  ): Promise<{ readonly packages: readonly ResolvedPackage[]; readonly missing: readonly MissingPackage[] }>
  fill(request: Omit<FillRequest, 'os'>): Promise<FillResult>
  add(path: string): Promise<DebPackage>
}

/**
 * Two queues: apt's lists are read and written by one at a time, and pool and index change by one fill at a time, so
 * that a plan need not wait for a download.
 */
export async function openOsRepository(options: OsRepositoryOptions): Promise<OsRepository> {
  const { os, workspace, osDirectory, run } = options
  await mkdir(join(osDirectory, 'pool'), { recursive: true })
  await prepareWorkspace(workspace, { sources: options.sources, aptOptions: options.aptOptions })
  const answers = openAnswers(join(workspace.directory, 'answers.json'))
  const resolver = createResolver({ os, workspace, run })
  const lists = packageLists({
    os,
    workspace,
    sourcesText: renderSources(options.sources),
    maxAgeMs: options.listsMaxAgeMs,
    run,
    now: options.now,
  })
  const withLists = oneAtATime()
  const withPool = oneAtATime()

  return {
    async versions({ names, refresh = false, signal }) {
      const requests = parsePackageRequests(names)
      const pool = await listPool(osDirectory)
      const pooled = (name: string) => pool.filter(item => item.name === name).map(item => item.version)
      const offered = await withLists(async () => {
        await lists.ensure({ refresh, signal })
        return resolver.versions(names, signal)
      }, signal)
      return Object.fromEntries(
        requests.map(({ name }) => {
          const here = pooled(name)
          const all = [...new Set([...(offered.get(name) ?? []), ...here])]
          return [name, all.map(version => ({ version, pooled: here.includes(version) }))]
        }),
      )
    },

    resolve,

    fill(request) {
      return withPool(() => fill(request), request.signal)
    },

    add: path =>
      withPool(async () => {
        const item = await addToPool({ osDirectory, path, architecture: workspace.architecture, run })
        await publishChanges({ packages: [], installed: null })
        return item
      }),
  }

  async function resolve(request: Omit<ResolveRequest, 'os'>): ReturnType<OsRepository['resolve']> {
    const requests = parsePackageRequests(request.packages)
    const answer =
      request.refresh === true ? undefined : await answers.find(answerKey({ requests, installed: request.installed }))
    if (answer !== undefined) return { packages: answer, missing: [] }
    const { downloads, missing } = await ask({ ...request, requests })
    return { packages: downloads.map(withoutSource), missing }
  }

  async function ask({
    requests,
    installed,
    refresh = false,
    signal,
  }: Omit<ResolveRequest, 'os' | 'packages'> & { readonly requests: readonly PackageRequest[] }): Promise<{
    readonly downloads: readonly Download[]
    readonly missing: readonly MissingPackage[]
  }> {
    return withLists(async () => {
      await lists.ensure({ refresh, signal })
      const absent = await resolver.missing(requests, signal)
      const added = await addedAmong(requests, absent)
      const missing = absent.filter(({ request }) => !added.some(each => requestText(each) === request))
      if (missing.length > 0) return { downloads: [], missing }
      const asked = await standIns(requests, added, signal)
      const uris = asked.length === 0 ? [] : await resolver.resolve({ requests: asked, installed, signal })
      return { downloads: uris.map(uri => ({ ...uri, filename: poolPath(uri) })), missing }
    }, signal)
  }

  /** What no source offers and the pool has all the same: somebody has added it, or the sources have dropped it. */
  async function addedAmong(
    requests: readonly PackageRequest[],
    absent: readonly MissingPackage[],
  ): Promise<readonly PackageRequest[]> {
    if (absent.length === 0) return []
    const pool = new Set((await listPool(osDirectory)).map(({ name, version }) => `${name}=${version}`))
    const texts = new Set(absent.map(({ request }) => request))
    return requests.filter(request => texts.has(requestText(request)) && pool.has(requestText(request)))
  }

  /** For what is in the pool, its dependencies are those of the version on offer, where there is one. */
  async function standIns(
    requests: readonly PackageRequest[],
    added: readonly PackageRequest[],
    signal: AbortSignal | undefined,
  ): Promise<readonly PackageRequest[]> {
    if (added.length === 0) return requests
    const offered = await resolver.versions(
      added.map(({ name }) => name),
      signal,
    )
    const others = requests.filter(request => !added.includes(request))
    return [...others, ...added.flatMap(({ name }) => (offered.has(name) ? [{ name }] : []))]
  }

  async function fill(request: Omit<FillRequest, 'os'>): Promise<FillResult> {
    const requests = parsePackageRequests(request.packages)
    const key = answerKey({ requests, installed: request.installed })
    const answer = request.refresh === true ? undefined : await answers.find(key)
    if (answer !== undefined && (await notPooled(answer)).length === 0) {
      await publishChanges(request)
      return { packages: answer, downloaded: 0, downloadedBytes: 0 }
    }
    const { packages, fetched } = await download({ request, requests })
    await publishChanges(request)
    await answers.remember(key, packages)
    return {
      packages,
      downloaded: fetched.length,
      downloadedBytes: fetched.reduce((sum, item) => sum + item.sizeBytes, 0),
    }
  }

  /** A mirror may have dropped a version since the lists were fetched: then, once, with new lists. */
  async function download({
    request,
    requests,
    retry = false,
  }: {
    request: Omit<FillRequest, 'os'>
    requests: readonly PackageRequest[]
    retry?: boolean
  }): Promise<{
    readonly packages: readonly ResolvedPackage[]
    readonly fetched: readonly ResolvedPackage[]
  }> {
    const { installed, progress, signal } = request
    progress?.({ phase: 'resolve' })
    const { downloads, missing } = await ask({
      requests,
      installed,
      refresh: retry || request.refresh === true,
      ...(signal === undefined ? {} : { signal }),
    })
    if (missing.length > 0) throw packagesMissing(missing)
    const fetched = await notPooled(downloads)
    try {
      await downloadIntoPool({
        os,
        workspace,
        osDirectory,
        downloads: fetched,
        run,
        freeBytes: options.freeBytes,
        progress,
        signal,
      })
    } catch (error) {
      if (retry || !(error instanceof StaleListsError)) throw error
      return download({ request, requests, retry: true })
    }
    return { packages: downloads.map(withoutSource), fetched }
  }

  async function notPooled<T extends ResolvedPackage>(packages: readonly T[]): Promise<readonly T[]> {
    const missing: T[] = []
    for (const item of packages) if (!(await isPooled(osDirectory, item))) missing.push(item)
    return missing
  }

  async function publishChanges({ progress, signal }: Omit<FillRequest, 'os'>): Promise<void> {
    const { architecture } = workspace
    const state = await indexState(osDirectory, architecture)
    if (state === 'current') return
    progress?.({ phase: 'index' })
    const cacheFile = join(workspace.directory, 'ftparchive.db')
    // It goes by the names of files, and would tell size and hash of the one that is gone.
    if (state === 'wrong') await rm(cacheFile, { force: true })
    await publish({
      osDirectory,
      architecture,
      cacheFile,
      key: options.key,
      run,
      signal,
    })
  }
}

function withoutSource({ name, version, architecture, sizeBytes, sha256, filename }: Download): ResolvedPackage {
  return { name, version, architecture, sizeBytes, sha256, filename }
}

function packagesMissing(missing: readonly MissingPackage[]): DroverError {
  const problems = missing.map(({ message }) => ({ code: 'missing-package', message, severity: 'error' }) as const)
  return new DroverError('not-found', missing.map(({ message }) => message).join('; '), {
    problems,
    hint: 'correct the name or version, or add a package source that offers it',
  })
}

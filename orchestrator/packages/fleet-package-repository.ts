import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { PackageSources } from './apt-source.ts'
import { freeBytesOf } from './download.ts'
import type { FileServer } from './file-server.ts'
import { serveFiles } from './file-server.ts'
import type { OsRepository } from './os-repository.ts'
import { openOsRepository } from './os-repository.ts'
import type { PackageRepository, PooledPackage } from './package-repository.ts'
import { listPool } from './pool.ts'
import { SUITE } from './publish.ts'
import { type RunCommand, runCommand } from './run-command.ts'
import { openSigningKey } from './signing-key.ts'

export interface PackageRepositoryOptions {
  /** State folder; holds the pool, apt's lists and the key. Made when absent. */
  readonly directory: string
  readonly sources: PackageSources
  /** Where hosts reach the repository; port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number }
  /** What hosts are told instead of host and port of `listen`: `http://10.10.10.1:7443`. */
  readonly advertisedUrl?: string
  /** Debian architecture of the hosts; default: this machine's. */
  readonly architecture?: string
  /** Put before commands that use the network, for an orchestrator that lives in a network namespace without a route: `nsenter --net=/proc/1/ns/net --`. */
  readonly commandPrefix?: readonly string[]
  /** How old package lists may be before the sources are asked again. Default six hours. */
  readonly listsMaxAgeMs?: number
  readonly run?: RunCommand
  readonly freeBytes?: (path: string) => Promise<number>
  /** Unix milliseconds. */
  readonly now?: () => number
}

const SIX_HOURS_MS = 6 * 3_600_000

/** Opens the repository and starts to serve it. Nothing is fetched before the first request needs it. */
export async function openPackageRepository(options: PackageRepositoryOptions): Promise<PackageRepository> {
  const { directory, sources, run = runCommand } = options
  const publicDirectory = join(directory, 'public')
  await mkdir(publicDirectory, { recursive: true })
  const architecture = options.architecture ?? (await thisArchitecture(run))
  const key = await openSigningKey({ home: join(directory, 'gnupg'), run })
  const byOs = new Map<string, OsRepository>()
  for (const [os, osSources] of Object.entries(sources.byOs)) {
    const repository = await openOsRepository({
      os,
      sources: osSources,
      aptOptions: sources.aptOptions ?? [],
      workspace: { directory: join(directory, 'apt', os), architecture, commandPrefix: options.commandPrefix ?? [] },
      osDirectory: join(publicDirectory, os),
      key,
      listsMaxAgeMs: options.listsMaxAgeMs ?? SIX_HOURS_MS,
      run,
      freeBytes: options.freeBytes ?? freeBytesOf,
      now: options.now ?? Date.now,
    })
    byOs.set(os, repository)
  }
  const server = await serveFiles({ root: publicDirectory, ...options.listen, exposes: isRepositoryPath }).catch(
    async (error: unknown) => {
      await key.close()
      throw error
    },
  )

  return {
    suite: SUITE,
    versions: ({ os, ...request }) => repositoryOf(os).then(repository => repository.versions(request)),
    resolve: ({ os, ...request }) => repositoryOf(os).then(repository => repository.resolve(request)),
    fill: ({ os, ...request }) => repositoryOf(os).then(repository => readable(repository.fill(request))),
    add: async ({ os, path }) => {
      const systems = os.length === 0 ? [...byOs.keys()] : os
      const repositories = await Promise.all(systems.map(repositoryOf))
      const added: PooledPackage[] = []
      for (const [index, repository] of repositories.entries())
        added.push({ os: systems[index] ?? '', ...(await readable(repository.add(path))) })
      return added
    },
    publicKey: () => key.publicKey,
    url: os => `${options.advertisedUrl?.replace(/\/+$/, '') ?? urlOf(server)}/${os}`,
    async close() {
      await server.close()
      await key.close()
    },
    async list() {
      const pools = await Promise.all(
        [...byOs.keys()].map(async os => (await listPool(join(publicDirectory, os))).map(item => ({ os, ...item }))),
      )
      return pools
        .flat()
        .map(({ os, name, version, architecture, sizeBytes }) => ({ os, name, version, architecture, sizeBytes }))
    },
  }

  async function repositoryOf(os: string): Promise<OsRepository> {
    const repository = byOs.get(os)
    if (repository !== undefined) return repository
    throw new DroverError(
      'invalid',
      `no package source is configured for hosts with ${os}; there are sources for ${[...byOs.keys()].join(', ')}`,
      {
        hint: 'add package sources for this OS to the orchestrator configuration',
      },
    )
  }
}

/** Only what apt clients need: never half-written files beside it. */
function isRepositoryPath(segments: readonly string[]): boolean {
  return segments.length > 2 && (segments[1] === 'pool' || segments[1] === 'dists')
}

function urlOf({ host, port }: FileServer): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function thisArchitecture(run: RunCommand): Promise<string> {
  const result = await run({ argv: ['dpkg', '--print-architecture'] })
  if (result.exitCode !== 0)
    throw new DroverError('failed', `dpkg does not say what architecture this machine has: ${result.stderr.trim()}`)
  return result.stdout.trim()
}

/** A disk that fills up while files are written comes as a bare system error; it is told as what it is. */
async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
    throw new DroverError('exhausted', 'the disk of the package repository is full', {
      cause: error,
      hint: 'free some space, then run the same command again',
    })
  }
}

import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AptSource } from '../../orchestrator/packages/apt-source.ts'
import { machineSources } from '../../orchestrator/packages/machine-sources.ts'
import { parsePoolName, poolPath } from '../../orchestrator/packages/pool.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import { compareDebianVersions, upstream } from '../../shared/domain/debian-version.ts'
import { localSource, sourceDirectory } from './local-source.ts'

/** How many minor releases back one is looked for. */
const AT_MOST_BACK = 3

export interface OlderRelease {
  readonly source: AptSource
  /** `17.11`. */
  readonly older: string
  /** `17.12`: the newest that the suites list. */
  readonly newest: string
}

/**
 * A minor release of an OS's PostgreSQL before the newest one, as a source of its own. As another suite lists it; often all list the same
 * one, and only the pools still have what they listed before.
 */
export async function olderRelease(request: {
  readonly os: string
  readonly major: number
  /** For the packages; it is to be there as long as the source is used. */
  readonly folder: string
}): Promise<OlderRelease> {
  const { os, major, folder } = request
  const { byOs } = await machineSources({ run: runCommand })
  const lists: Listed[] = []
  for (const source of byOs[os] ?? []) lists.push(...(await listedBy(source, major, folder)))
  const listed = lists.toSorted((left, right) => compareDebianVersions(right.version, left.version))
  const [first] = listed
  if (first === undefined) throw new Error(`no source of ${os} lists postgresql-${major}`)
  const newest = upstream(first.version)
  for (const candidate of candidates(listed, newest)) {
    if (await downloadAll(candidate.urls, sourceDirectory(folder)))
      return { source: await localSource(folder), older: candidate.release, newest }
  }
  throw new Error(`no pool has a release before ${newest} any more`)
}

interface Listed {
  readonly uri: string
  readonly version: string
  /** Below the URI. */
  readonly path: string
}

/** What the server is made of, in every suite of a source. */
async function listedBy({ uris, suites }: AptSource, major: number, folder: string): Promise<readonly Listed[]> {
  const wanted = [`postgresql-${major}`, `postgresql-client-${major}`, 'libpq5']
  const listed: Listed[] = []
  for (const uri of uris)
    for (const suite of suites) {
      const bytes = await fetched(`${uri}/dists/${suite}/main/binary-amd64/Packages.xz`)
      if (bytes === undefined) throw new Error(`${suite} cannot be read`)
      const file = join(folder, 'Packages.xz')
      await mkdir(folder, { recursive: true })
      await writeFile(file, bytes)
      const { stdout } = await runCommand({ argv: ['xz', '--decompress', '--stdout', file] })
      for (const record of stdout.split('\n\n')) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(record)?.[1] ?? ''
        if (wanted.includes(field('Package'))) listed.push({ uri, version: field('Version'), path: field('Filename') })
      }
    }
  return listed
}

interface Candidate {
  readonly release: string
  readonly urls: readonly string[]
}

function candidates(listed: readonly Listed[], newest: string): readonly Candidate[] {
  const releaseOf = ({ version }: Listed): string => upstream(version)
  const others = [...new Set(listed.map(releaseOf))].filter(release => release !== newest)
  const [major = 0, minor = 0] = newest.split('.').map(Number)
  const before = Array.from({ length: Math.min(AT_MOST_BACK, minor) }, (_, index) => `${major}.${minor - index - 1}`)
  return [
    ...others.map(release => ({ release, urls: listed.filter(each => releaseOf(each) === release).map(urlOf) })),
    ...before.map(release => ({
      release,
      urls: listed
        .filter(each => releaseOf(each) === newest)
        .map(each => urlOf({ ...each, path: each.path.replaceAll(newest, release) })),
    })),
  ]
}

function urlOf({ uri, path }: Listed): string {
  return `${uri}/${path}`
}

/** Each file from the first place that has it. False: one of them is nowhere. */
async function downloadAll(urls: readonly string[], directory: string): Promise<boolean> {
  for (const [file, places] of Map.groupBy(urls, url => basename(url))) {
    const parsed = parsePoolName(file)
    const bytes = await firstFetched(places)
    if (bytes === undefined || parsed === undefined) return false
    const path = join(directory, poolPath(parsed))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
  return true
}

async function firstFetched(urls: readonly string[]): Promise<Buffer | undefined> {
  for (const url of urls) {
    const bytes = await fetched(url)
    if (bytes !== undefined) return bytes
  }
  return undefined
}

async function fetched(url: string): Promise<Buffer | undefined> {
  const response = await fetch(url)
  return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined
}

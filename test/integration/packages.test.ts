import { appendFile, copyFile, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AptWorkspace } from '../../orchestrator/packages/apt-workspace.ts'
import {
  archivesDirectory,
  downloadPackages,
  prepareWorkspace,
  updateLists,
} from '../../orchestrator/packages/apt-workspace.ts'
import type { PackageRepositoryOptions } from '../../orchestrator/packages/fleet-package-repository.ts'
import { openPackageRepository } from '../../orchestrator/packages/fleet-package-repository.ts'
import type { PackageRepository } from '../../orchestrator/packages/package-repository.ts'
import type { Command, RunCommand } from '../../orchestrator/packages/run-command.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import type { DebSource, TinyDeb } from '../support/deb-source.ts'
import { makeDebSource } from '../support/deb-source.ts'

const OS = 'debian13'
const GREET: TinyDeb = { name: 'greet', version: '1:2.0', fields: { Depends: 'libgreet (>= 1.5)' } }
const OLD_GREET: TinyDeb = { name: 'greet', version: '1:1.0', fields: { Depends: 'libgreet' } }
const LIBRARY: TinyDeb = { name: 'libgreet', version: '1.5' }
const OLD_LIBRARY: TinyDeb = { name: 'libgreet', version: '1.0' }
const CLASHING: TinyDeb = { name: 'clashing', version: '1', fields: { Depends: 'greet', Conflicts: 'libgreet' } }

let root: string
let debs: DebSource
let commands: Command[]
let open: PackageRepository[]

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-packages-'))
  debs = await makeDebSource(root, [GREET, OLD_GREET, LIBRARY, OLD_LIBRARY, CLASHING])
  commands = []
  open = []
})

afterEach(async () => {
  for (const repository of open) await repository.close()
  await rm(root, { recursive: true, force: true })
})

describe('filling the fleet repository', () => {
  it('lets a host with no other source install a package with its dependencies', async () => {
    const repository = await openRepository()
    const filled = await repository.fill({ os: OS, packages: ['greet'], installed: null })
    expect(filled.packages.map(item => `${item.name} ${item.version}`)).toEqual(['libgreet 1.5', 'greet 1:2.0'])
    expect(filled.downloaded).toBe(2)

    const host = await openHost(repository)
    expect((await host.update()).exitCode).toBe(0)
    expect((await host.download('greet=1:2.0', 'libgreet')).exitCode).toBe(0)
    const fetched = await readFile(join(host.archives, 'greet_1%3a2.0_all.deb'))
    expect(fetched.equals(await readFile(debs.pathOf(GREET)))).toBe(true)
  })

  it('needs neither source nor apt for the same request again, even after a restart', async () => {
    const first = await openRepository()
    const filled = await first.fill({ os: OS, packages: ['greet', 'libgreet'], installed: null })
    await rm(debs.directory, { recursive: true })
    const again = await openRepository()
    commands = []
    const repeated = await again.fill({ os: OS, packages: ['libgreet', 'greet'], installed: null })
    expect(repeated).toEqual({ packages: filled.packages, downloaded: 0, downloadedBytes: 0 })
    expect((await again.resolve({ os: OS, packages: ['greet', 'libgreet'], installed: null })).packages).toEqual(
      filled.packages,
    )
    expect(commands).toEqual([])
  })

  it('keeps several versions side by side, each to be pinned', async () => {
    const repository = await openRepository()
    await repository.fill({ os: OS, packages: ['greet=1:1.0', 'libgreet=1.0'], installed: null })
    await repository.fill({ os: OS, packages: ['greet=1:2.0'], installed: null })
    expect((await repository.list()).map(item => `${item.os} ${item.name} ${item.version}`)).toEqual([
      `${OS} greet 1:1.0`,
      `${OS} greet 1:2.0`,
      `${OS} libgreet 1.0`,
      `${OS} libgreet 1.5`,
    ])
    const host = await openHost(repository)
    await host.update()
    expect((await host.download('greet=1:1.0', 'libgreet=1.0')).exitCode).toBe(0)
  })

  it('says which versions are on offer and which are here already', async () => {
    const repository = await openRepository()
    await repository.fill({ os: OS, packages: ['greet=1:1.0', 'libgreet=1.0'], installed: null })
    expect(await repository.versions({ os: OS, names: ['greet', 'unheard-of'] })).toEqual({
      greet: [
        { version: '1:2.0', pooled: false },
        { version: '1:1.0', pooled: true },
      ],
      'unheard-of': [],
    })
  })

  it('leaves out what the hosts have, but never what is asked for by name', async () => {
    const repository = await openRepository()
    const installed = [LIBRARY, GREET].map(({ name, version }) => ({ name, version, architecture: 'all' }))
    const filled = await repository.fill({ os: OS, packages: ['greet=1:2.0'], installed })
    expect(filled.packages.map(item => item.name)).toEqual(['greet'])
  })

  it('brings the newer library that a package needs when the hosts have an older one', async () => {
    const repository = await openRepository()
    const installed = [{ name: 'libgreet', version: '1.0', architecture: 'all' }]
    const filled = await repository.fill({ os: OS, packages: ['greet'], installed })
    expect(filled.packages.map(item => `${item.name} ${item.version}`)).toEqual(['libgreet 1.5', 'greet 1:2.0'])
  })

  it('fills one at a time, and every fill ends up in the index', async () => {
    const repository = await openRepository()
    await Promise.all([
      repository.fill({ os: OS, packages: ['greet=1:1.0', 'libgreet=1.0'], installed: null }),
      repository.fill({ os: OS, packages: ['libgreet=1.5'], installed: null }),
    ])
    const host = await openHost(repository)
    await host.update()
    expect((await host.download('libgreet=1.0', 'libgreet=1.5')).exitCode).toBe(0)
  })
})

describe('when something is wrong', () => {
  it('names every missing package with what is on offer, and changes nothing', async () => {
    const repository = await openRepository()
    const fill = repository.fill({ os: OS, packages: ['gret', 'libgreet=9.9'], installed: null })
    await expect(fill).rejects.toMatchObject({
      code: 'not-found',
      problems: [
        { message: `no package source of ${OS} offers gret; close names: greet` },
        { message: `libgreet 9.9 is not on offer for ${OS}; on offer: 1.5, 1.0` },
      ],
    })
    expect(await repository.list()).toEqual([])
  })

  it('tells packages that do not fit together in the words of apt', async () => {
    const repository = await openRepository()
    const fill = repository.fill({ os: OS, packages: ['clashing', 'greet'], installed: null })
    await expect(fill).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/do not fit together.*libgreet/s),
    })
  })

  it('refuses an OS without sources, and bad names, before anything runs', async () => {
    const repository = await openRepository()
    commands = []
    await expect(repository.fill({ os: 'plan9', packages: ['greet'], installed: null })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(repository.fill({ os: OS, packages: ['greet-'], installed: null })).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(commands).toEqual([])
  })

  it('says that sources are out of reach, without host, address or credentials', async () => {
    const unreachable = { ...debs.source, uris: ['http://reader:hunter2@127.0.0.1:1/debian'] }
    const repository = await openRepository({
      sources: { byOs: { [OS]: [unreachable] }, aptOptions: ['Acquire::Retries "0";'] },
    })
    const error: unknown = await repository
      .fill({ os: OS, packages: ['greet'], installed: null })
      .catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    expect(String(error)).not.toMatch(/hunter2|127\.0\.0\.1/)
  })

  it('refuses to start on a disk without room, and goes on once there is some', async () => {
    let free = 1_000
    const repository = await openRepository({ freeBytes: async () => free })
    const request = { os: OS, packages: ['greet'], installed: null }
    await expect(repository.fill(request)).rejects.toMatchObject({ code: 'exhausted' })
    expect(await repository.list()).toEqual([])
    free = 1_000_000_000
    expect((await repository.fill(request)).downloaded).toBe(2)
  })

  it('takes nothing from a source whose file is not what it signed', async () => {
    const repository = await openRepository()
    await repository.versions({ os: OS, names: ['greet'] })
    const path = debs.pathOf(LIBRARY)
    const size = (await readFile(path)).length
    await truncate(path, size - 1)
    await appendFile(path, 'x')
    await expect(repository.fill({ os: OS, packages: ['libgreet=1.5'], installed: null })).rejects.toThrow(/libgreet/)
    expect(await repository.list()).toEqual([])
  })

  it('ends when aborted', async () => {
    const repository = await openRepository()
    const stop = new AbortController()
    const fill = repository.fill({
      os: OS,
      packages: ['greet'],
      installed: null,
      signal: stop.signal,
      progress: () => stop.abort(),
    })
    await expect(fill).rejects.toMatchObject({ code: 'aborted' })
    expect((await repository.fill({ os: OS, packages: ['greet'], installed: null })).packages).toHaveLength(2)
  })

  it('uses what an interrupted download fetched whole, and nothing of what it did not', async () => {
    const repository = await openRepository()
    const archives = join(root, 'state/apt', OS, 'cache/archives')
    await copyFile(debs.pathOf(LIBRARY), join(archives, 'libgreet_1.5_all.deb'))
    await writeFile(join(archives, 'greet_1%3a2.0_all.deb'), 'the first half')
    const filled = await repository.fill({ os: OS, packages: ['greet'], installed: null })
    expect(filled.packages.map(item => item.name)).toEqual(['libgreet', 'greet'])
    expect(commands.map(command => command.argv.join(' ')).filter(line => line.includes(' download '))).toEqual([
      expect.stringMatching(/ -- greet=1:2\.0$/),
    ])
    expect(await readdir(archives)).toEqual(['partial'])
  })

  it('publishes what a crash left unpublished', async () => {
    const repository = await openRepository()
    const request = { os: OS, packages: ['greet'], installed: null }
    await repository.fill(request)
    await rm(publicPath('dists/drover'))
    expect((await repository.fill(request)).downloaded).toBe(0)
    expect((await (await openHost(repository)).update()).exitCode).toBe(0)
  })

  it('replaces a damaged file of the pool', async () => {
    const repository = await openRepository()
    const request = { os: OS, packages: ['greet'], installed: null }
    const filled = await repository.fill(request)
    await writeFile(publicPath(filled.packages[0]?.filename ?? ''), 'damaged')
    expect((await repository.fill(request)).downloaded).toBe(1)
    expect(
      (await readFile(publicPath(filled.packages[0]?.filename ?? ''))).equals(await readFile(debs.pathOf(LIBRARY))),
    ).toBe(true)
  })

  it('lists a file that was damaged while others came in as it is once it is whole again', async () => {
    const repository = await openRepository()
    const filled = await repository.fill({ os: OS, packages: ['libgreet'], installed: null })
    await writeFile(publicPath(filled.packages[0]?.filename ?? ''), 'damaged')
    await repository.fill({ os: OS, packages: ['libgreet=1.0'], installed: null })
    await repository.fill({ os: OS, packages: ['libgreet'], installed: null })
    const host = await openHost(repository)
    await host.update()
    expect((await host.download('libgreet=1.5')).exitCode).toBe(0)
  })
})

describe('a package that somebody adds', () => {
  it('is on offer, and hosts can fetch it, beside what the sources have', async () => {
    const own = await makeDebSource(join(root, 'own'), [{ name: 'drover-agent', version: '0.2.0' }])
    const path = own.pathOf({ name: 'drover-agent', version: '0.2.0' })
    const repository = await openRepository()
    await repository.fill({ os: OS, packages: ['libgreet'], installed: null })
    const expected = { os: OS, name: 'drover-agent', version: '0.2.0', architecture: 'all' }
    for (const _again of [1, 2]) expect(await repository.add({ os: [], path })).toMatchObject([expected])
    expect(await repository.versions({ os: OS, names: ['drover-agent'] })).toEqual({
      'drover-agent': [{ version: '0.2.0', pooled: true }],
    })
    const { packages } = await repository.fill({
      os: OS,
      packages: ['drover-agent=0.2.0', 'greet=1:2.0'],
      installed: null,
    })
    expect(packages.map(({ name }) => name)).toEqual(['libgreet', 'greet'])
    const host = await openHost(repository)
    await host.update()
    expect((await host.download('drover-agent=0.2.0', 'libgreet')).exitCode).toBe(0)
  })

  it('brings the dependencies of the version on offer', async () => {
    const own = await makeDebSource(join(root, 'own'), [{ ...GREET, version: '1:2.0+own' }])
    const repository = await openRepository()
    await repository.add({ os: [OS], path: own.pathOf({ ...GREET, version: '1:2.0+own' }) })
    await repository.fill({ os: OS, packages: ['greet=1:2.0+own'], installed: null })
    const host = await openHost(repository)
    await host.update()
    expect((await host.download('greet=1:2.0+own', 'libgreet=1.5')).exitCode).toBe(0)
    await expect(repository.fill({ os: OS, packages: ['greet=1:9'], installed: null })).rejects.toThrow('1:9')
  })

  it.each(['at once', 'after the index was made without it'])(
    'is listed as it is now, %s, when somebody has taken one of its name out of the pool by hand',
    async when => {
      const repository = await openRepository()
      const path = debs.pathOf(LIBRARY)
      await repository.add({ os: [OS], path })
      await rm(publicPath('pool/libg'), { recursive: true })
      if (when !== 'at once') {
        const own = await makeDebSource(join(root, 'own'), [{ name: 'drover-agent', version: '0.2.0' }])
        await repository.add({ os: [OS], path: own.pathOf({ name: 'drover-agent', version: '0.2.0' }) })
      }
      await makeDebSource(root, [{ ...LIBRARY, fields: { Homepage: 'http://greet.example' } }])
      await repository.add({ os: [OS], path })
      const host = await openHost(repository)
      await host.update()
      expect((await host.download('libgreet=1.5')).exitCode).toBe(0)
    },
  )

  it('is refused when it is none, or when hosts may have others of its name and version', async () => {
    const repository = await openRepository()
    await repository.add({ os: [OS], path: debs.pathOf(LIBRARY) })
    await appendFile(debs.pathOf(LIBRARY), 'other bytes')
    await expect(repository.add({ os: [OS], path: debs.pathOf(LIBRARY) })).rejects.toMatchObject({ code: 'conflict' })
    const text = join(root, 'text.deb')
    await writeFile(text, 'no package')
    await expect(repository.add({ os: [OS], path: text })).rejects.toMatchObject({ code: 'invalid' })
    await expect(repository.add({ os: ['plan9'], path: text })).rejects.toThrow('no package source is configured')
  })
})

describe('a host', () => {
  it('refuses an index that was tampered with', async () => {
    const repository = await openRepository()
    await repository.fill({ os: OS, packages: ['greet'], installed: null })
    const release = publicPath('dists/drover/InRelease')
    await writeFile(release, (await readFile(release, 'utf8')).replace('Label: Drover', 'Label: Rustler'))
    const update = await (await openHost(repository)).update()
    expect(update.exitCode).not.toBe(0)
    expect(update.stderr).toMatch(/sign/i)
  })

  it('refuses a package that was tampered with', async () => {
    const repository = await openRepository()
    const filled = await repository.fill({ os: OS, packages: ['libgreet'], installed: null })
    const host = await openHost(repository)
    await host.update()
    const path = publicPath(filled.packages[0]?.filename ?? '')
    const bytes = await readFile(path)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await rm(path)
    await writeFile(path, bytes)
    expect((await host.download('libgreet')).exitCode).not.toBe(0)
  })

  it('that read the release file before an update of the repository still finds the lists it names', async () => {
    const repository = await openRepository()
    await repository.fill({ os: OS, packages: ['libgreet'], installed: null })
    const hashes = 'dists/drover/main/binary-amd64/by-hash/SHA256'
    const before = await readdir(publicPath(hashes))
    await repository.fill({ os: OS, packages: ['greet'], installed: null })
    for (const hash of before) expect((await fetch(`${repository.url(OS)}/${hashes}/${hash}`)).status).toBe(200)
    expect((await readdir(publicPath(hashes))).length).toBe(before.length + 2)
  })

  it('trusts the same key after the orchestrator restarts', async () => {
    const first = await openRepository()
    const second = await openRepository()
    expect(first.publicKey()).toContain('BEGIN PGP PUBLIC KEY BLOCK')
    expect(second.publicKey()).toBe(first.publicKey())
  })
})

describe('the repository folder', () => {
  it('is itself a source from which another repository can be filled', async () => {
    const first = await openRepository()
    await first.fill({ os: OS, packages: ['greet'], installed: null })
    const mirror = { uris: [first.url(OS)], suites: [first.suite], components: ['main'], signedBy: first.publicKey() }
    await rename(debs.directory, `${debs.directory}-gone`)
    const second = await openRepository({ directory: join(root, 'second'), sources: { byOs: { [OS]: [mirror] } } })
    expect((await second.fill({ os: OS, packages: ['greet'], installed: null })).downloaded).toBe(2)
  })
})

async function openRepository(options: Partial<PackageRepositoryOptions> = {}): Promise<PackageRepository> {
  const run: RunCommand = (command, runOptions) => {
    commands.push(command)
    return runCommand(command, runOptions)
  }
  const repository = await openPackageRepository({
    directory: join(root, 'state'),
    sources: { byOs: { [OS]: [debs.source] } },
    listen: { host: '127.0.0.1', port: 0 },
    architecture: 'amd64',
    run,
    ...options,
  })
  open.push(repository)
  return repository
}

function publicPath(path: string): string {
  return join(root, 'state/public', OS, path)
}

/** An apt of its own that knows the fleet repository and nothing else. */
async function openHost(repository: PackageRepository) {
  const workspace: AptWorkspace = { directory: join(root, 'host'), architecture: 'amd64', commandPrefix: [] }
  const source = {
    uris: [repository.url(OS)],
    suites: [repository.suite],
    components: ['main'],
    signedBy: repository.publicKey(),
  }
  await prepareWorkspace(workspace, { sources: [source], aptOptions: [] })
  return {
    archives: archivesDirectory(workspace),
    update: () => runCommand(updateLists(workspace)),
    download: (...packages: string[]) => runCommand(downloadPackages(workspace, packages)),
  }
}

import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { EMPTY_MANIFEST, type FileItem, type ItemResult, type Manifest } from '../../shared/domain/manifest.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createFakeHost, type FakeHost } from '../../test/support/fake-converge-host.ts'
import { converge } from './converge.ts'

const fileItem = (path: string, content: string, more: Partial<FileItem> = {}): FileItem => ({
  path,
  content,
  owner: 'root',
  group: 'root',
  mode: '0644',
  secret: false,
  reactions: [],
  ...more,
})
const source = { url: 'http://10.0.0.1:7443/debian13', suite: 'drover', key: 'KEY' }
const app = { name: 'app.service', enablement: 'enabled', state: 'started' } as const

describe('converge', () => {
  let root: string
  let host: FakeHost

  beforeEach(async () => {
    root = await newRoot()
    host = createFakeHost(root)
  })
  afterEach(() => rm(root, { recursive: true }))

  function run(manifest: Partial<Manifest>, options: { dryRun?: boolean; on?: FakeHost } = {}) {
    const { dryRun = false, on = host } = options
    host.done.length = 0
    return converge(
      { manifest: { ...EMPTY_MANIFEST, ...manifest }, dryRun, signal: new AbortController().signal },
      {
        host: on,
        clock: systemClock,
        ledgerPath: '/reactions.json',
        issueCertificate: async () => {
          throw new DroverError('unavailable', 'the orchestrator is not connected')
        },
      },
    )
  }
  const statuses = (items: readonly ItemResult[]) => items.map(({ name, status }) => `${name} ${status}`)
  const inRoot = (path: string) => join(root, path)

  it('makes a manifest so, in order, and changes nothing the second time', async () => {
    const manifest: Partial<Manifest> = {
      packageSource: source,
      packages: [{ name: 'app', version: '1.2-3' }],
      users: [{ name: 'app', system: true, groups: ['tls'] }],
      directories: [{ path: '/srv/app', owner: 'app', group: 'app', mode: '0750' }],
      files: [fileItem('/srv/app/a.conf', 'a', { owner: 'app', reactions: [{ unit: app.name, verb: 'restart' }] })],
      units: [{ name: 'distro.service', enablement: 'masked', state: 'stopped' }, app],
    }
    const first = await run(manifest)
    expect(first.items.every(({ status }) => status === 'changed')).toBe(true)
    expect(host.done.filter(line => /^(install|useradd|start|restart)/.test(line))).toEqual([
      'install app=1.2-3',
      'useradd --system --no-create-home --home-dir=/nonexistent --shell=/usr/sbin/nologin --user-group -- app',
      'start app.service',
    ])
    const second = await run(manifest)
    expect(second.items.every(({ status }) => status === 'ok')).toBe(true)
    expect(host.done).toEqual(['show'])
  })

  it('touches nothing in a dry run', async () => {
    const manifest = { packages: [{ name: 'app', version: '1' }], files: [fileItem('/srv/x', 'x')], units: [app] }
    const { items } = await run(manifest, { dryRun: true })
    expect(statuses(items)).toEqual(['app would-change', '/srv/x would-change', 'app.service would-change'])
    await expect(stat(inRoot('srv/x'))).rejects.toThrow('ENOENT')
    expect(host.done).toEqual(['show'])
  })

  it('finds nothing to do after any converge', async () => {
    const path = fc.constantFrom('/srv/a', '/srv/b/c', '/etc/x.conf')
    const mode = fc.constantFrom('0600', '0640', '0644')
    const manifests = fc.record({
      directories: fc.uniqueArray(
        fc.record({
          path: fc.constantFrom('/var/one', '/var/two/three'),
          owner: fc.constant('root'),
          group: fc.constant('root'),
          mode: fc.constantFrom('0700', '0755'),
        }),
        { selector: item => item.path },
      ),
      files: fc.uniqueArray(
        fc
          .record({ path, mode, content: fc.string(), secret: fc.boolean() })
          .map(
            ({ path, content, ...more }): FileItem =>
              fileItem(path, content, { ...more, reactions: [{ unit: app.name, verb: 'reload' }] }),
          ),
        { selector: item => item.path },
      ),
      units: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('app.service', 'other.service'),
          enablement: fc.constantFrom('enabled', 'disabled', 'unmanaged'),
          state: fc.constantFrom('started', 'stopped', 'unmanaged'),
        }),
        { selector: item => item.name },
      ),
    })
    await fc.assert(
      fc.asyncProperty(manifests, async manifest => {
        await run(manifest)
        const { items } = await run(manifest, { dryRun: true })
        expect(items.filter(({ status }) => status !== 'ok')).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  it('says where a file differs, and never what a secret one holds', async () => {
    const files = [fileItem('/etc/open', 'one\ntwo\nthree\n'), fileItem('/etc/hidden', 'hunter2', { secret: true })]
    await run({ files })
    await writeFile(inRoot('etc/open'), 'one\n2\nthree\n')
    await writeFile(inRoot('etc/hidden'), 'hunter3')
    await chmod(inRoot('etc/hidden'), 0o666)
    const { items } = await run({ files }, { dryRun: true })
    expect(items[0]?.detail).toMatch(/^content differs at line 2 \(sha256 [0-9a-f]{8}, wanted [0-9a-f]{8}\)$/)
    expect(items[1]?.detail).toBe('content differs; mode is 0666, not 0644')
  })

  it('still owes the restart when it was killed between a file and its unit', async () => {
    const files = (content: string) => [
      fileItem('/etc/a', content, { reactions: [{ unit: app.name, verb: 'restart' }] }),
    ]
    await run({ files: files('one'), units: [app] })
    const killed: FakeHost = {
      ...host,
      systemd: { ...host.systemd, show: () => Promise.reject(new Error('killed')) },
    }
    await expect(run({ files: files('two'), units: [app] }, { on: killed })).rejects.toThrow('killed')
    expect(await readFile(inRoot('etc/a'), 'utf8')).toBe('two')
    const dry = await run({ files: files('two'), units: [app] }, { dryRun: true })
    expect(dry.items.at(-1)?.detail).toContain('a restart is owed')
    await run({ files: files('two'), units: [app] })
    expect(host.done).toContain('restart app.service')
    await run({ files: files('two'), units: [app] })
    expect(host.done).toEqual(['show'])
  })

  it('starts nothing when packages are missing, and goes on with what does not need them', async () => {
    host.installError = new DroverError('not-found', 'Unable to locate package app', { hint: 'fill the repository' })
    const { items } = await run({
      packageSource: source,
      packages: [{ name: 'app', version: '1' }],
      directories: [
        { path: '/srv/plain', owner: 'root', group: 'root', mode: '0755' },
        { path: '/srv/app', owner: 'app', group: 'app', mode: '0755' },
      ],
      units: [app],
    })
    expect(statuses(items).slice(1)).toEqual([
      'app failed',
      '/srv/plain changed',
      '/srv/app skipped',
      'app.service skipped',
    ])
    expect(items[1]?.detail).toBe('Unable to locate package app (fill the repository)')
    expect(host.running.size).toBe(0)
  })

  it('tells why a unit does not come up, with its last lines and without a password', async () => {
    host.broken.add(app.name)
    const { items } = await run({ units: [app] })
    expect(items[0]).toMatchObject({ status: 'failed' })
    expect(items[0]?.detail).toContain('is failed (dead, exit-code); it logged last: app.service says')
    expect(items[0]?.detail).not.toContain('hunter2')
  })

  it('starts no unit whose port is taken, and starts it once the port is free', async () => {
    const database = { name: 'db.service', enablement: 'enabled', state: 'started', listens: [5432] } as const
    await mkdir(inRoot('proc/net'), { recursive: true })
    const taken = '0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 0 100 0 0 10 0\n'
    await writeFile(inRoot('proc/net/tcp'), taken)
    const dry = await run({ units: [app, database] }, { dryRun: true })
    expect(statuses(dry.items)).toEqual(['app.service would-change', 'db.service would-change'])
    const busy = await run({ units: [app, database] })
    expect(statuses(busy.items)).toEqual(['app.service changed', 'db.service failed'])
    expect(busy.items[1]?.detail).toContain('port 5432 is taken by')
    expect(host.running).toEqual(new Set([app.name]))
    await rm(inRoot('proc/net/tcp'))
    expect(statuses((await run({ units: [app, database] })).items)).toEqual(['app.service ok', 'db.service changed'])
    await writeFile(inRoot('proc/net/tcp'), taken)
    expect(statuses((await run({ units: [app, database] })).items)).toEqual(['app.service ok', 'db.service ok'])
  })

  it('stops units one after the other, those that stand on others first', async () => {
    const names = ['server.service', 'proxy.service', 'pooler.service']
    for (const name of names) host.running.add(name)
    await run({ units: names.map(name => ({ name, enablement: 'disabled', state: 'stopped' })) })
    expect(host.done.filter(line => line.startsWith('stop'))).toEqual([
      'stop pooler.service',
      'stop proxy.service',
      'stop server.service',
    ])
  })

  it('leaves a directory alone that stands where a file should be', async () => {
    await mkdir(inRoot('etc/a'))
    const { items } = await run({ files: [fileItem('/etc/a', 'x'), fileItem('/etc/b', 'x')] })
    expect(statuses(items)).toEqual(['/etc/a failed', '/etc/b changed'])
  })

  it('writes files that packages read before it installs them', async () => {
    const createcluster = fileItem('/etc/pc/createcluster.conf', 'create_main_cluster = false', {
      beforePackages: true,
    })
    const existed: boolean[] = []
    const install = host.packages.install
    const watched: FakeHost = {
      ...host,
      packages: {
        ...host.packages,
        install: async request => {
          existed.push((await host.files.stat(createcluster.path)) !== null)
          await install(request)
        },
      },
    }
    await mkdir(inRoot('etc/pc'))
    await run(
      { packageSource: source, packages: [{ name: 'pc', version: '1' }], files: [createcluster] },
      { on: watched },
    )
    expect(existed).toEqual([true])
  })
})

async function newRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'drover-converge-'))
  for (const folder of ['etc/systemd/system', 'srv/b', 'var/two']) await mkdir(join(root, folder), { recursive: true })
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  await writeFile(join(root, 'etc/group'), 'root:x:0:\n')
  return root
}

import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { RUNTIMES } from '../../shared/domain/runtime.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createFakeHost, type FakeHost } from '../../test/support/fake-converge-host.ts'
import { converge } from './converge.ts'

const SERVER = { name: 'postgresql-17', version: '17.12-0+deb13u1' }
const VECTOR = { name: 'postgresql-17-pgvector', version: '0.8.0-1' }
const NEW = { id: '17.12-3f9a1c20', postgresVersion: 17, packages: [SERVER] }
const LINK = { path: '/etc/drover/patroni/pg-main-1/runtime', target: `${RUNTIMES}/${NEW.id}/usr` }
const packageSource = { url: 'http://10.10.10.1:7443/debian13', suite: 'fleet', key: 'KEY' }

describe('runtimes', () => {
  let root: string
  let host: FakeHost

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-runtimes-'))
    host = createFakeHost(root)
    await mkdir(join(root, 'etc/drover/patroni/pg-main-1'), { recursive: true })
  })
  afterEach(() => rm(root, { recursive: true }))

  async function run(manifest: Partial<Manifest>, dryRun = false) {
    const { items } = await converge(
      { manifest: { ...EMPTY_MANIFEST, packageSource, ...manifest }, dryRun, signal: new AbortController().signal },
      {
        host,
        clock: systemClock,
        ledgerPath: '/reactions.json',
        issueCertificate: async () => {
          throw new DroverError('unavailable', 'not part of the test')
        },
      },
    )
    return items
      .filter(({ kind }) => kind === 'runtime' || kind === 'link')
      .map(({ kind, name, status, detail }) =>
        [kind, name, status, detail].filter(part => part !== undefined).join(' '),
      )
  }
  const lying = () => readdir(join(root, RUNTIMES)).catch(() => [])

  it('are laid out once, and an instance is led there', async () => {
    const wanted = { runtimes: [NEW], links: [LINK] }
    expect(await run(wanted, true)).toEqual([
      `runtime ${NEW.id} would-change is not there`,
      `link ${LINK.path} would-change does not exist`,
    ])
    expect(await lying()).toEqual([])
    await run(wanted)
    expect(await lying()).toEqual([NEW.id])
    expect(await readlink(join(root, LINK.path))).toBe(LINK.target)
    expect(await run(wanted)).toEqual([`runtime ${NEW.id} ok`, `link ${LINK.path} ok`])
    expect(host.done.filter(line => line.startsWith('unpack'))).toEqual(['unpack postgresql-17=17.12-0+deb13u1'])
  })

  it('know the extensions that Debian has in several versions by their plain names', async () => {
    const folder = 'usr/share/postgresql/17/extension'
    const [versioned, plain] = [`${folder}/postgis-3.control`, `${folder}/plpgsql.control`]
    const packages = [versioned, plain].map(name => ({ name, version: '1' }))
    await run({ runtimes: [{ ...NEW, packages }] })
    const extensions = join(root, RUNTIMES, NEW.id, folder)
    expect((await readdir(extensions)).toSorted()).toEqual(['plpgsql.control', 'postgis-3.control', 'postgis.control'])
    expect(await readlink(join(extensions, 'postgis.control'))).toBe('postgis-3.control')
  })

  it('take packages in addition, and never another version of one', async () => {
    await run({ runtimes: [NEW] })
    expect(await run({ runtimes: [{ ...NEW, packages: [SERVER, VECTOR] }] }, true)).toEqual([
      `runtime ${NEW.id} would-change lacks postgresql-17-pgvector`,
    ])
    await run({ runtimes: [{ ...NEW, packages: [SERVER, VECTOR] }] })
    expect(host.done).toContainEqual(expect.stringMatching(/^cp --archive --no-clobber /))
    expect(host.done).toContain('unpack postgresql-17-pgvector=0.8.0-1')
    const [failed] = await run({ runtimes: [{ ...NEW, packages: [{ ...SERVER, version: '17.13-1' }] }] })
    expect(failed).toMatch(/failed runtime .* is not replaced by 17\.13-1/)
  })

  it('lead nobody anywhere while they cannot be fetched', async () => {
    host.installError = new DroverError('unavailable', 'the repository does not answer')
    expect(await run({ runtimes: [NEW], links: [LINK] })).toEqual([
      `runtime ${NEW.id} failed the repository does not answer`,
      `link ${LINK.path} skipped runtime ${NEW.id} is not there`,
    ])
    host.installError = null
    await run({ runtimes: [NEW], links: [LINK] })
    expect(JSON.parse(await readFile(join(root, RUNTIMES, NEW.id, 'packages.json'), 'utf8'))).toEqual([SERVER])
  })

  it('go when nobody asks for them any more and nothing runs from them', async () => {
    await run({ runtimes: [NEW] })
    await mkdir(join(root, 'proc/77'), { recursive: true })
    await symlink(`${RUNTIMES}/${NEW.id}/usr/lib/postgresql/17/bin/postgres`, join(root, 'proc/77/exe'))
    expect(await run({})).toEqual([])
    expect(await lying()).toEqual([NEW.id])
    await rm(join(root, 'proc/77'), { recursive: true })
    expect(await run({}, true)).toEqual([`runtime ${NEW.id} would-change is not needed any more`])
    expect(await run({})).toEqual([`runtime ${NEW.id} changed is not needed any more`])
    expect(await lying()).toEqual([])
  })
})

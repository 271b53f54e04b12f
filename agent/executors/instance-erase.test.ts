import { access, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EMPTY_MANIFEST, type InstanceWatch, type Manifest } from '../../shared/domain/manifest.ts'
import { createFiles } from '../host/files.ts'
import { createInstanceErase } from './instance-erase.ts'

const DATA = '/var/lib/drover/pg/pg-old-2/data'
const departed: Manifest = { ...EMPTY_MANIFEST, departed: [{ instance: 'pg-old-2', dataDirectory: DATA }] }
const due = { instance: 'pg-old-2', dataDirectory: DATA, notBefore: 1000, early: false }

describe('erasing a departed instance', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-erase-'))
    await mkdir(join(root, DATA, 'pg_tblspc'), { recursive: true })
    await writeFile(join(root, DATA, 'PG_VERSION'), '17\n')
    await writeFile(join(root, DATA, '../pgpass'), 'secret')
  })
  afterEach(() => rm(root, { recursive: true }))

  async function erase(args = due, { manifest = departed, now = 2000 } = {}) {
    const execute = createInstanceErase({
      files: createFiles({ root }),
      manifest: async () => manifest,
      now: () => now,
    })
    return execute({ args, signal: new AbortController().signal, progress: () => undefined })
  }
  const isThere = (path: string) =>
    access(join(root, path)).then(
      () => true,
      () => false,
    )

  it('deletes its data and its home, and does nothing the second time', async () => {
    expect(await erase()).toEqual({ erased: true, left: [] })
    expect(await isThere('/var/lib/drover/pg/pg-old-2')).toBe(false)
    expect(await isThere('/var/lib/drover/pg')).toBe(true)
    expect(await erase()).toEqual({ erased: false, left: [] })
  })

  it('waits for its time, unless somebody asked by name', async () => {
    await expect(erase(due, { now: 999 })).rejects.toThrow('are kept until 1970-01-01T00:00:01.000Z')
    expect(await isThere(DATA)).toBe(true)
    expect(await erase({ ...due, early: true }, { now: 999 })).toMatchObject({ erased: true })
  })

  it.each<[string, Manifest, string]>([
    ['that its manifest does not know', EMPTY_MANIFEST, 'does not name it as departed'],
    [
      'that is a member',
      { ...departed, watches: { instances: [{ instance: 'pg-old-2' } as InstanceWatch] } },
      'it is a member of a cluster',
    ],
    [
      'that its manifest has elsewhere',
      { ...EMPTY_MANIFEST, departed: [{ instance: 'pg-old-2', dataDirectory: '/srv/data' }] },
      'names /srv/data as its data',
    ],
  ])('leaves alone an instance %s', async (_, manifest, why) => {
    await expect(erase(due, { manifest })).rejects.toThrow(why)
    expect(await isThere(DATA)).toBe(true)
  })

  it.each([
    ['/etc', 'pg-old-2'],
    ['/var/lib/drover/pg/pg-main-1/data', 'pg-old-2'],
    ['/var/lib/drover/pg/../../../etc/data', '../../../etc'],
  ])('never goes where instances do not lie: %s', async (dataDirectory, instance) => {
    const manifest = { ...EMPTY_MANIFEST, departed: [{ instance, dataDirectory }] }
    await expect(erase({ ...due, instance, dataDirectory }, { manifest })).rejects.toThrow('its data would be in')
    expect(await isThere(DATA)).toBe(true)
  })

  it('does not follow a link in place of its directory', async () => {
    await mkdir(join(root, 'elsewhere'))
    await rm(join(root, DATA), { recursive: true })
    await symlink(join(root, 'elsewhere'), join(root, DATA))
    await expect(erase()).rejects.toThrow('is a symlink, not a directory')
    expect(await isThere('elsewhere')).toBe(true)
  })

  it('says which tablespaces it leaves', async () => {
    await mkdir(join(root, 'fast'))
    await symlink(join(root, 'fast'), join(root, DATA, 'pg_tblspc/16400'))
    expect(await erase()).toEqual({ erased: true, left: [join(root, 'fast')] })
    expect(await isThere('fast')).toBe(true)
  })

  it('is refused while a server runs in it', async () => {
    await writeFile(join(root, DATA, 'postmaster.pid'), '4711\n')
    await mkdir(join(root, 'proc/4711'), { recursive: true })
    await symlink(DATA, join(root, 'proc/4711/cwd'))
    await expect(erase()).rejects.toThrow('a server runs in it, process 4711')
    await rm(join(root, 'proc/4711'), { recursive: true })
    expect(await erase()).toMatchObject({ erased: true })
  })
})

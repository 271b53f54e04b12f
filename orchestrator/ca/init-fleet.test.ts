import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../shared/lib/secret.ts'
import { keyIdOf } from '../../shared/signing/envelope.ts'
import { generateSigningKey } from '../../shared/signing/keys.ts'
import { signKeySet } from '../../shared/signing/keyset.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { initFleet } from './init-fleet.ts'
import { loadFleet, loadRootKey, saveKeySet } from './load-fleet.ts'

const clock = new ManualClock()
let parent: string
let directory: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'drover-fleet-'))
  directory = join(parent, 'fleet')
})
afterEach(() => rm(parent, { recursive: true }))

describe('a new fleet', () => {
  it('loads with its own keys, signed by its own root', async () => {
    const { fleetId, pin } = await initFleet({ directory, fleetName: 'prod', clock })
    const fleet = await loadFleet({ directory, clock })
    expect(fleet).toMatchObject({ id: fleetId, name: 'prod', createdAt: clock.now() })
    expect(fleet.keySet.hash).toBe(pin)
    expect(fleet.keySet.keySet.commandKeys.map(key => key.id)).toEqual([fleet.signer.id])
    const root = await loadRootKey({ directory })
    expect(fleet.keySet.keySet.rootKeys.map(key => key.id)).toEqual([keyIdOf(root.privateKey)])
    expect(fleet.dataKey.reveal().byteLength).toBe(32)
  })

  it('keeps everything to its owner and leaves nothing beside', async () => {
    await initFleet({ directory, fleetName: 'prod', clock })
    const files = await readdir(directory)
    const modes = await Promise.all(files.map(async file => (await stat(join(directory, file))).mode & 0o777))
    expect(files.sort()).toEqual(['ca.key', 'ca.pem', 'data.key', 'fleet.json', 'keyset.bin', 'root.key', 'signer.key'])
    expect(new Set(modes)).toEqual(new Set([0o600]))
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect(await readdir(parent)).toEqual(['fleet'])
  })

  it('takes an empty folder and never overwrites anything', async () => {
    await mkdir(directory)
    const { fleetId } = await initFleet({ directory, fleetName: 'prod', clock })
    const before = await readFile(join(directory, 'root.key'), 'utf8')
    await expect(initFleet({ directory, fleetName: 'again', clock })).rejects.toMatchObject({ code: 'conflict' })
    expect(await readFile(join(directory, 'root.key'), 'utf8')).toBe(before)
    expect((await loadFleet({ directory, clock })).id).toBe(fleetId)
    expect(await readdir(parent)).toEqual(['fleet'])
  })

  it('clears away what an init that died has left beside', async () => {
    await mkdir(`${directory}.new-dead`)
    await writeFile(join(`${directory}.new-dead`, 'root.key'), 'half')
    await initFleet({ directory, fleetName: 'prod', clock })
    expect(await readdir(parent)).toEqual(['fleet'])
  })

  it('lets exactly one of two concurrent inits win, whole', async () => {
    const results = await Promise.allSettled([
      initFleet({ directory, fleetName: 'one', clock }),
      initFleet({ directory, fleetName: 'two', clock }),
    ])
    const won = results.flatMap(result => (result.status === 'fulfilled' ? [result.value.fleetId] : []))
    expect(won).toContain((await loadFleet({ directory, clock })).id)
    expect(won).toHaveLength(1)
  })

  it('says what is wrong with a name', async () => {
    await expect(initFleet({ directory, fleetName: 'Prod!', clock })).rejects.toMatchObject({ code: 'invalid' })
    expect(await readdir(parent)).toEqual([])
  })
})

describe('the root key', () => {
  it('needs its passphrase when it has one', async () => {
    const passphrase = new Secret('correct horse')
    await initFleet({ directory, fleetName: 'prod', clock, passphrase })
    expect(await readFile(join(directory, 'root.key'), 'utf8')).not.toContain('PRIVATE KEY')
    await expect(loadRootKey({ directory })).rejects.toMatchObject({ code: 'denied' })
    await expect(loadRootKey({ directory, passphrase: new Secret('wrong') })).rejects.toMatchObject({ code: 'denied' })
    const root = await loadRootKey({ directory, passphrase })
    const fleet = await loadFleet({ directory, clock })
    expect(fleet.keySet.keySet.rootKeys[0]?.id).toBe(root.id)
  })
})

describe('loading', () => {
  it('says how to make a fleet when there is none', async () => {
    await expect(loadFleet({ directory, clock })).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('drover init'),
    })
  })

  it('refuses a folder whose files do not belong together', async () => {
    await initFleet({ directory, fleetName: 'one', clock })
    const other = join(parent, 'other')
    await initFleet({ directory: other, fleetName: 'two', clock })
    for (const file of ['keyset.bin', 'signer.key', 'ca.key', 'data.key']) {
      const own = await readFile(join(directory, file))
      await writeFile(join(directory, file), file === 'data.key' ? 'short' : await readFile(join(other, file)))
      await expect(loadFleet({ directory, clock })).rejects.toMatchObject({ code: 'failed' })
      await writeFile(join(directory, file), own)
    }
    await rm(join(directory, 'ca.key'))
    await expect(loadFleet({ directory, clock })).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('ca.key'),
    })
  })
})

describe('the next key set', () => {
  it('is saved when the root signs it, and not when someone else does', async () => {
    await initFleet({ directory, fleetName: 'prod', clock })
    const { keySet: current } = await loadFleet({ directory, clock })
    const root = await loadRootKey({ directory })
    const next = { ...current.keySet, version: 2, previousHash: current.hash, expiresAt: clock.now() + 1000 }
    const forged = signKeySet(next, [generateSigningKey().privateKey])
    await expect(saveKeySet({ directory, current, next: forged })).rejects.toMatchObject({ code: 'invalid' })
    expect((await loadFleet({ directory, clock })).keySet.keySet.version).toBe(1)

    await saveKeySet({ directory, current, next: signKeySet(next, [root.privateKey]) })
    expect((await loadFleet({ directory, clock })).keySet.keySet).toEqual(next)
  })
})

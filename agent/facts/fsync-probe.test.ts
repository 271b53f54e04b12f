import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RawFile } from '../host/files-types.ts'
import { createHost, type Host } from '../host/host.ts'
import { PROBE_LIMITS, percentile, probeFsync } from './fsync-probe.ts'

const host = createHost()
const signal = new AbortController().signal
let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drover-probe-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('the fsync probe', () => {
  it('measures durable appends within its bounds and leaves nothing behind', async () => {
    const startedAt = performance.now()
    const probe = await probeFsync({ host, directory, signal })
    expect(performance.now() - startedAt).toBeLessThan(PROBE_LIMITS.budgetMs + 2_000)
    expect(probe.samples).toBeGreaterThan(0)
    expect(probe.samples).toBeLessThanOrEqual(PROBE_LIMITS.fileBytes / PROBE_LIMITS.writeBytes)
    expect(probe.p50Micros).toBeLessThanOrEqual(probe.p99Micros)
    expect(probe.p99Micros).toBeLessThanOrEqual(probe.maxMicros)
    expect(readdirSync(directory)).toEqual([])
  }, 15_000)

  it('never lets its file grow beyond the limit', async () => {
    let largest = 0
    const watched = rawFiles(file => ({
      ...file,
      writeAndSync: range => {
        const micros = file.writeAndSync(range)
        for (const name of readdirSync(directory)) largest = Math.max(largest, statSync(join(directory, name)).size)
        return micros
      },
    }))
    await probeFsync({ host: watched, directory, signal })
    expect(largest).toBe(PROBE_LIMITS.fileBytes)
    expect(largest).toBeLessThanOrEqual(64 * 1024 * 1024)
  }, 15_000)

  it('deletes its file when it is aborted half-way', async () => {
    const abort = new AbortController()
    let writes = 0
    const aborting = rawFiles(file => ({
      ...file,
      writeAndSync: range => {
        writes += 1
        if (writes === 3) abort.abort()
        return file.writeAndSync(range)
      },
    }))
    await expect(probeFsync({ host: aborting, directory, signal: abort.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(writes).toBe(3)
    expect(readdirSync(directory)).toEqual([])
  })

  it('removes the file of a probe that was killed, and no other file', async () => {
    writeFileSync(join(directory, '.drover-fsync-probe-1'), 'left over')
    writeFileSync(join(directory, 'PG_VERSION'), '17')
    await probeFsync({ host, directory, signal })
    expect(readdirSync(directory)).toEqual(['PG_VERSION'])
  }, 15_000)

  it('refuses a directory that does not exist, and does not make it', async () => {
    const absent = join(directory, 'absent')
    await expect(probeFsync({ host, directory: absent, signal })).rejects.toMatchObject({ code: 'not-found' })
    expect(readdirSync(directory)).toEqual([])
  })

  it('refuses to write when less than 256 MiB are free', async () => {
    const full = fakeSpace(255 * 1024 * 1024)
    await expect(probeFsync({ host: full, directory, signal })).rejects.toMatchObject({
      code: 'exhausted',
      message: expect.stringContaining('only 255 MiB are free'),
    })
    expect(readdirSync(directory)).toEqual([])
  })

  it('marks figures that no durable medium can reach', async () => {
    const lying = rawFiles(file => ({ ...file, writeAndSync: () => 4 }), 'write back')
    expect(await probeFsync({ host: lying, directory, signal })).toMatchObject({
      p50Micros: 4,
      suspicious: expect.stringContaining('write-back cache'),
    })
    const protectedDrive = rawFiles(file => ({ ...file, writeAndSync: () => 20 }), 'write through')
    expect(await probeFsync({ host: protectedDrive, directory, signal })).not.toHaveProperty('suspicious')
  })

  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    expect([50, 99, 100].map(percent => percentile(hundred, percent))).toEqual([50, 99, 100])
    expect(percentile([7], 50)).toBe(7)
  })
})

type Wrap = (file: RawFile) => RawFile

/** Real files, on a disk whose write cache is said to be this. */
function rawFiles(wrap: Wrap, writeCache = 'write back'): Pick<Host, 'files'> {
  const { files } = host
  const said: Readonly<Record<string, string>> = {
    '/proc/self/mountinfo': '30 1 8:0 / / rw - ext4 /dev/sda rw',
    '/sys/devices/sda/queue/write_cache': writeCache,
  }
  return {
    files: {
      ...files,
      openRaw: async options => wrap(await files.openRaw(options)),
      readText: async path => said[path] ?? null,
      readlink: async () => '../../devices/sda',
    },
  }
}

function fakeSpace(availableBytes: number): Pick<Host, 'files'> {
  const statfs = async () => ({ sizeBytes: 1024 ** 4, availableBytes, freeBytes: availableBytes })
  return { files: { ...host.files, statfs } }
}

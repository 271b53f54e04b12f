import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createFakeHost, type FakeHost } from '../../test/support/fake-converge-host.ts'
import { converge } from './converge.ts'
import { leftoverObjection } from './leftover-step.ts'

const unit = { name: 'drover-patroni@pg-old-2.service', enablement: 'disabled', state: 'stopped' } as const
const leftovers = [{ path: '/etc/drover/tls/pg-old-2' }, { path: '/etc/drover/haproxy/pg-old.cfg' }]

describe('leftovers', () => {
  let root: string
  let host: FakeHost

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-leftovers-'))
    host = createFakeHost(root)
    await mkdir(join(root, 'etc/drover/tls/pg-old-2'), { recursive: true })
    await mkdir(join(root, 'etc/drover/haproxy'), { recursive: true })
    await writeFile(join(root, 'etc/drover/tls/pg-old-2/tls.key'), 'secret')
    await writeFile(join(root, 'etc/drover/haproxy/pg-old.cfg'), 'listen')
  })
  afterEach(() => rm(root, { recursive: true }))

  async function run(manifest: Partial<Manifest>, dryRun = false) {
    const { items } = await converge(
      { manifest: { ...EMPTY_MANIFEST, ...manifest }, dryRun, signal: new AbortController().signal },
      {
        host,
        clock: systemClock,
        ledgerPath: '/reactions.json',
        issueCertificate: async () => {
          throw new DroverError('unavailable', 'the orchestrator is not connected')
        },
      },
    )
    return items.map(({ name, status }) => `${name} ${status}`)
  }
  const left = async () => [
    ...(await readdir(join(root, 'etc/drover/tls'))),
    ...(await readdir(join(root, 'etc/drover/haproxy'))),
  ]

  it('go once their units are stopped, and stay away', async () => {
    host.running.add(unit.name)
    expect(await run({ units: [unit], leftovers })).toEqual([
      'drover-patroni@pg-old-2.service changed',
      '/etc/drover/tls/pg-old-2 changed',
      '/etc/drover/haproxy/pg-old.cfg changed',
    ])
    expect(host.running.has(unit.name)).toBe(false)
    expect(await left()).toEqual([])
    expect((await run({ units: [unit], leftovers })).every(line => line.endsWith(' ok'))).toBe(true)
  })

  it('are only reported by a dry run', async () => {
    expect(await run({ leftovers }, true)).toEqual([
      '/etc/drover/tls/pg-old-2 would-change',
      '/etc/drover/haproxy/pg-old.cfg would-change',
    ])
    expect(await left()).toEqual(['pg-old-2', 'pg-old.cfg'])
  })

  it('are only ever configuration of members', () => {
    const fine = ['/etc/drover/patroni/pg-1', '/etc/systemd/system/drover-patroni@pg-1.service.d']
    expect(fine.map(path => leftoverObjection(path, EMPTY_MANIFEST))).toEqual([null, null])
    const others = [
      '/',
      '/etc/drover',
      '/etc/drover/tls',
      '/etc/drover/tls/etcd',
      '/etc/drover/tls/..',
      '/etc/drover/policy.json',
      '/etc/drover/patroni/pg-1/../../..',
      '/etc/systemd/system/drover-patroni@.service',
      '/etc/systemd/system/ssh.service.d',
      '/var/lib/drover/pg/pg-1/data',
      '/home',
    ]
    for (const path of others) expect(leftoverObjection(path, EMPTY_MANIFEST), path).not.toBe(null)
  })

  it('are etcd’s configuration and keys only where the same manifest stops it', () => {
    const etcd = { name: 'drover-etcd.service', enablement: 'disabled', state: 'stopped' } as const
    for (const path of ['/etc/drover/etcd/etcd.yml', '/etc/drover/tls/etcd']) {
      expect(leftoverObjection(path, { units: [etcd] })).toBe(null)
      expect(leftoverObjection(path, { units: [{ ...etcd, state: 'started' }] })).toContain('not stopped')
    }
    expect(leftoverObjection('/var/lib/drover/etcd', { units: [etcd] })).not.toBe(null)
  })
})

import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { createHost, type Exec } from '../host/host.ts'
import { createComponentRenew } from './component-renew.ts'

const call = { signal: new AbortController().signal, progress: () => undefined }
const patroni = { instance: 'pg-1', patroniUrl: 'https://127.0.0.1:8008', caPath: '/c', certPath: '/d', keyPath: '/e' }
const STARTED = 1_750_000_000
const UNITS = [
  'drover-etcd.service',
  'drover-haproxy@pg.service',
  'drover-pgbouncer-rw@pg-1.service',
  'drover-patroni@pg-1.service',
]

describe('a component whose files were replaced', () => {
  let root: string
  let process: { pid: number; startedAt: number; active: boolean }
  let did: string[]
  let isPaused: boolean

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-renew-'))
    await mkdir(join(root, 'var/lib/dpkg/info'), { recursive: true })
    process = { pid: 100, startedAt: STARTED, active: true }
    did = []
    isPaused = true
    await runs(100, '/usr/sbin/program (deleted)')
    await runs(200, '/usr/sbin/program')
    await installedAt(STARTED + 60)
  })
  afterEach(() => rm(root, { recursive: true }))

  it('starts anew: etcd and poolers', async () => {
    for (const unit of ['drover-etcd.service', 'drover-pgbouncer-rw@pg-1.service']) {
      process = { pid: 100, startedAt: STARTED, active: true }
      expect(await renew(unit)).toMatchObject({ renewed: true })
    }
    expect(did).toEqual(['restart drover-etcd.service', 'restart drover-pgbouncer-rw@pg-1.service'])
  })

  it('hands over within the same process: HAProxy', async () => {
    expect(await renew('drover-haproxy@pg.service')).toMatchObject({ renewed: true })
    expect(did).toEqual(['reload drover-haproxy@pg.service'])
    expect(process.pid).toBe(100)
  })

  it('is left alone when it runs from what is installed, or does not run at all', async () => {
    process = { pid: 200, startedAt: STARTED + 90, active: true }
    for (const unit of UNITS) expect(await renew(unit)).toMatchObject({ renewed: false })
    process = { pid: 0, startedAt: 0, active: false }
    for (const unit of UNITS) expect(await renew(unit)).toMatchObject({ renewed: false })
    expect(did).toEqual([])
  })

  it('starts anew only while its cluster is paused: Patroni, which is as old as its start', async () => {
    isPaused = false
    await expect(renew('drover-patroni@pg-1.service')).rejects.toMatchObject({ code: 'conflict', retryable: true })
    expect(did).toEqual([])
    isPaused = true
    expect(await renew('drover-patroni@pg-1.service')).toMatchObject({ renewed: true })
    expect(did).toEqual(['restart drover-patroni@pg-1.service'])
  })

  it('is one that the manifest of this host starts, and no other unit', async () => {
    for (const unit of ['ssh.service', 'drover-agent.service', 'drover-haproxy@other.service', 'drover-etcd.service;x'])
      await expect(renew(unit)).rejects.toMatchObject({ code: 'denied' })
    expect(did).toEqual([])
  })

  function renew(unit: string) {
    const { files } = createHost({ root })
    const manifest: Manifest = {
      ...EMPTY_MANIFEST,
      units: UNITS.map(name => ({ name, enablement: 'enabled', state: 'started' })),
    }
    const execute = createComponentRenew({
      exec: async ({ argv }: Parameters<Exec>[0]) => {
        expect(argv.slice(0, 2)).toEqual(['systemctl', 'show'])
        const { active, pid, startedAt } = process
        const stdout = `ActiveState=${active ? 'active' : 'inactive'}\nMainPID=${pid}\nExecMainStartTimestamp=@${startedAt}\n`
        return { code: 0, stdout, stderr: '' } as never
      },
      files,
      systemd: {
        run: async (verb, names) => {
          did.push(`${verb} ${names.join()}`)
          await runs(process.pid, '/usr/sbin/program')
        },
        begin: async (verb, names) => {
          did.push(`${verb} ${names.join()}`)
          process = { pid: 300, startedAt: STARTED + 120, active: true }
        },
      },
      client: {
        request: async () => ({ status: 200, text: JSON.stringify({ pause: isPaused, state: 'running' }) }),
        close: () => undefined,
      },
      manifest: async () => manifest,
      monotonic: () => 0,
    })
    return execute({ args: { unit, ...(unit.includes('patroni') ? { patroni } : {}) }, ...call })
  }

  async function runs(pid: number, program: string): Promise<void> {
    await mkdir(join(root, `proc/${pid}`), { recursive: true })
    await rm(join(root, `proc/${pid}/exe`), { force: true })
    await symlink(program, join(root, `proc/${pid}/exe`))
  }

  async function installedAt(seconds: number): Promise<void> {
    const list = join(root, 'var/lib/dpkg/info/patroni.list')
    await writeFile(list, '')
    await utimes(list, seconds, seconds)
  }
})

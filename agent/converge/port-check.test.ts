import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFiles } from '../host/files.ts'
import { takenPorts } from './port-check.ts'

const PATRONI = 'drover-patroni@pg-main-1.service'
const LEFTOVER = `0::/system.slice/system-drover\\x2dpatroni.slice/${PATRONI}\n`
const LOGIN = '0::/user.slice/user-0.slice/session-3.scope\n'
const HINT = '(stop it or move it to another port, then apply again)'

describe('the check of ports before a start', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-ports-'))
    await mkdir(join(root, 'proc/net'), { recursive: true })
  })
  afterEach(() => rm(root, { recursive: true }))

  async function listen(table: 'tcp' | 'tcp6', port: number, inode: number) {
    const address = table === 'tcp' ? '00000000' : '0'.repeat(32)
    const local = `${address}:${port.toString(16).toUpperCase().padStart(4, '0')}`
    const line = `   0: ${local} ${address}:0000 0A 00000000:00000000 00:00000000 00000000   106        0 ${inode} 1 00000000e5c08b0c 100 0 0 10 0\n`
    await writeFile(join(root, 'proc/net', table), line, { flag: 'a' })
  }
  async function addProcess(pid: number, options: { comm: string; cgroup: string; inode: number }) {
    await mkdir(join(root, `proc/${pid}/fd`), { recursive: true })
    await symlink('/dev/null', join(root, `proc/${pid}/fd/0`))
    await symlink(`socket:[${options.inode}]`, join(root, `proc/${pid}/fd/7`))
    await writeFile(join(root, `proc/${pid}/comm`), `${options.comm}\n`)
    await writeFile(join(root, `proc/${pid}/cgroup`), options.cgroup)
  }
  const check = (listens: readonly number[], name = PATRONI) =>
    takenPorts([{ name, enablement: 'enabled', state: 'started', listens }], {
      files: createFiles({ root }),
      signal: new AbortController().signal,
    })

  it('names who has the port, the process that opened it before those that inherited it', async () => {
    await listen('tcp', 5432, 4711)
    await addProcess(1002, { comm: 'worker', cgroup: LOGIN, inode: 4711 })
    await addProcess(123, { comm: 'nc', cgroup: LOGIN, inode: 4711 })
    await addProcess(99, { comm: 'bystander', cgroup: LOGIN, inode: 1 })
    expect(await check([5432, 8008])).toEqual(new Map([[PATRONI, `port 5432 is taken by nc (pid 123) ${HINT}`]]))
  })

  it('sees IPv6 too, and names every port that is taken once', async () => {
    await listen('tcp', 5432, 10)
    await listen('tcp6', 5432, 11)
    await listen('tcp6', 8008, 12)
    await addProcess(7, { comm: 'other', cgroup: LOGIN, inode: 10 })
    await addProcess(8, { comm: 'web\u001b[31m', cgroup: LOGIN, inode: 12 })
    await symlink('socket:[11]', join(root, 'proc/7/fd/8'))
    expect((await check([5432, 8008])).get(PATRONI)).toBe(
      `port 5432 is taken by other (pid 7); port 8008 is taken by web?[31m (pid 8) ${HINT}`,
    )
  })

  it('lets a unit have what its own leftover processes hold, and no other unit', async () => {
    await listen('tcp', 5432, 4711)
    await addProcess(123, { comm: 'postgres', cgroup: LEFTOVER, inode: 4711 })
    expect((await check([5432])).size).toBe(0)
    expect((await check([5432], 'drover-patroni@pg-main-11.service')).size).toBe(1)
  })

  it('finds nothing when the ports are free, or when the unit names none', async () => {
    await listen('tcp', 5433, 4711)
    expect((await check([5432])).size).toBe(0)
    expect((await check([])).size).toBe(0)
  })

  it('still tells that a port is taken when its process cannot be found', async () => {
    await listen('tcp', 5432, 4711)
    expect((await check([5432])).get(PATRONI)).toContain('port 5432 is taken by something that no process')
  })

  it.runIf(process.platform === 'linux')('finds a real listener in the real tables', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve, reject) => {
      server.on('error', reject).listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    try {
      const found = await takenPorts([{ name: PATRONI, enablement: 'enabled', state: 'started', listens: [port] }], {
        files: createFiles({ root: '/' }),
        signal: new AbortController().signal,
      })
      expect(found.get(PATRONI)).toContain(`port ${port} is taken by`)
      expect(found.get(PATRONI)).toContain(`(pid ${process.pid})`)
    } finally {
      server.close()
    }
  })
})

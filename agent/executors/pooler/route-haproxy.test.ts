import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routeHaproxy } from './route-haproxy.ts'

describe('HAProxy, told who is primary', () => {
  it('gets the health of every server set in one go', async () => {
    await using haproxy = await adminSocket('\n')
    await route(haproxy.path)
    expect(haproxy.lines).toEqual([
      'set server write-hop/pg-main-2 health up;set server write-hop/pg-main-1 health down;set server write-hop/pg-main-3 health down',
    ])
  })

  it('tells what HAProxy refuses', async () => {
    await using haproxy = await adminSocket('No such server.\n')
    await expect(route(haproxy.path)).rejects.toThrow('HAProxy refused: No such server.')
  })

  it('tells when nobody answers', async () => {
    await expect(route('/nowhere/admin.sock')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

function route(socketPath: string): Promise<void> {
  const args = { socketPath, section: 'write-hop', to: 'pg-main-2', notTo: ['pg-main-1', 'pg-main-3'] }
  return routeHaproxy(args, new AbortController().signal)
}

/** Answers each line as HAProxy's admin socket does, and closes. */
async function adminSocket(answer: string) {
  const folder = await mkdtemp(join(tmpdir(), 'drover-haproxy-'))
  const lines: string[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    socket.on('data', data => {
      lines.push(String(data).trim())
      socket.end(answer)
    })
  })
  const path = join(folder, 'admin.sock')
  server.listen(path)
  await once(server, 'listening')
  return {
    path,
    lines,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

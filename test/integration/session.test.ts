import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runAgent } from '../../agent/agent.ts'
import { createHost } from '../../agent/host/host.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createLog } from '../../shared/lib/log.ts'
import { type MeshServer, startMeshServer } from '../support/mesh-server.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('an agent and its orchestrator', () => {
  let root: string
  let server: MeshServer
  let stop: (() => Promise<void>) | null
  let logged: string[]

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-agent-'))
    await mkdir(join(root, 'etc/drover'), { recursive: true })
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
    await writeFile(join(root, 'etc/group'), 'root:x:0:\n')
    server = await startMeshServer()
    stop = null
    logged = []
  })

  afterEach(async () => {
    await stop?.()
    await server.close()
    await rm(root, { recursive: true })
  })

  /** The real agent over a folder instead of the machine. */
  async function start(): Promise<void> {
    const abort = new AbortController()
    const running = runAgent(
      {
        host: createHost({ root }),
        paths: { config: '/etc/drover', state: '/var/lib/drover-agent' },
        credentialDirectories: [],
        factsProcess: { nodePath: process.execPath, scriptPath: fileURLToPath(import.meta.url) },
        agentVersion: 'test',
        clock: systemClock,
        log: createLog({ destination: { write: line => logged.push(line) } }),
      },
      abort.signal,
    )
    running.catch(() => undefined)
    stop = async () => {
      abort.abort()
      await running.catch(() => undefined)
    }
  }

  async function invite(token = server.token): Promise<void> {
    await writeFile(join(root, 'etc/drover/join-token'), `${token}\n`)
    await writeFile(join(root, 'etc/drover/agent.conf'), `orchestrator=${server.enrolAddress}\n`)
  }

  const connected = () => waitUntil(() => (server.sessions > 0 ? true : null))
  const manifest = (content: string): Manifest => ({
    ...EMPTY_MANIFEST,
    directories: [{ path: '/srv/app', owner: 'root', group: 'root', mode: '0750' }],
    files: [
      { path: '/srv/app/a.conf', owner: 'root', group: 'root', mode: '0640', content, secret: false, reactions: [] },
    ],
  })

  it('joins with a token, drops it, and does what a signed manifest says', async () => {
    await invite()
    await start()
    await connected()
    await expect(readFile(join(root, 'etc/drover/join-token'))).rejects.toThrow('ENOENT')

    const first = await server.run('converge', { manifest: manifest('one'), dryRun: false })
    expect(first.state).toBe('done')
    expect(await readFile(join(root, 'srv/app/a.conf'), 'utf8')).toBe('one')
    const again = await server.run('converge', { manifest: manifest('one'), dryRun: false })
    expect(JSON.parse(again.resultJson.toString())).toMatchObject({ items: [{ status: 'ok' }, { status: 'ok' }] })
  })

  it('waits for approval and then comes in by itself', async () => {
    server.approve(false)
    await invite()
    await start()
    await waitUntil(() => (server.enrolments > 0 ? true : null))
    server.approve(true)
    await connected()
    expect(server.enrolments).toBeGreaterThan(1)
  })

  it('sends nothing to an orchestrator whose key set is not the pinned one', async () => {
    const other = await startMeshServer()
    try {
      await invite(other.token)
      await start()
      await waitUntil(() => logged.find(line => line.includes('wrong orchestrator')) ?? null)
      expect(server.enrolments).toBe(0)
      await invite()
      await connected()
      expect(other.enrolments).toBe(0)
    } finally {
      await other.close()
    }
  })

  it('keeps a result over a lost session until it is acknowledged', async () => {
    await invite()
    await start()
    await connected()
    server.acknowledge(false)
    const { commandId } = await server.run('converge', { manifest: manifest('kept'), dryRun: true })
    server.cut()
    const results = () => server.received.filter(message => message.finished?.commandId === commandId).length
    await waitUntil(() => (results() > 1 ? true : null))
    server.acknowledge(true)
    expect(server.sessions).toBeGreaterThan(1)
  })

  it('answers the same bytes with the stored result, also after a restart', async () => {
    await invite()
    await start()
    await connected()
    const commandId = '11111111-1111-4111-8111-111111111111'
    const envelope = server.sign('converge', { manifest: manifest('once'), dryRun: false }, { commandId })
    server.send(envelope)
    await server.finished(commandId)
    await stop?.()
    await writeFile(join(root, 'srv/app/a.conf'), 'edited by hand')
    await start()
    const sessions = server.sessions
    await waitUntil(() => (server.sessions > sessions ? true : null))
    const before = server.received.length
    await waitUntil(() => {
      server.send(envelope)
      return server.received.slice(before).some(({ finished }) => finished?.commandId === commandId) ? true : null
    })
    expect(await readFile(join(root, 'srv/app/a.conf'), 'utf8')).toBe('edited by hand')
  })

  it('refuses another command under a used sequence and says so in its audit chain', async () => {
    await invite()
    await start()
    await connected()
    await server.run('converge', { manifest: manifest('x'), dryRun: true })
    const commandId = '22222222-2222-4222-8222-222222222222'
    server.send(server.sign('converge', { manifest: manifest('y'), dryRun: false }, { commandId, sequence: 1 }))
    const refused = await server.finished(commandId)
    expect(refused).toMatchObject({ state: 'refused', refusal: 'replayed-sequence' })
    await waitUntil(() => (audited().includes('replayed-sequence') ? true : null))
  })

  function audited(): string {
    return server.received.flatMap(({ audit }) => audit?.recordsJson.map(String) ?? []).join('\n')
  }

  it('reports drift of the last manifest with its observation', async () => {
    await invite()
    await start()
    await connected()
    await server.run('converge', { manifest: manifest('wanted'), dryRun: false })
    await writeFile(join(root, 'srv/app/a.conf'), 'edited by hand')
    await server.run('converge', { manifest: manifest('wanted'), dryRun: true })
    await waitUntil(() => (observed().includes('content differs at line 1') ? true : null))
  })

  function observed(): string {
    return server.received.map(message => message.observationJson?.toString() ?? '').join('\n')
  }
})

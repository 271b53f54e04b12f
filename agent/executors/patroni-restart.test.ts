import { describe, expect, it } from 'vitest'
import { type Answer, testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createPatroniRestart } from './patroni-restart.ts'

const tls = await testingTls()

/** A server whose looks go this way, one after the other; the last one stays. `null`: it does not answer. */
function server(...looks: readonly ({ readonly startedAt: number; readonly inRecovery: boolean } | null)[]) {
  let number = 0
  return async () => {
    const seen = looks[Math.min(number++, looks.length - 1)] ?? null
    const base = { signal: null, stderr: 'the database system is shutting down', truncated: false, durationMs: 1 }
    return seen === null
      ? { ...base, code: 2, stdout: '' }
      : { ...base, code: 0, stdout: JSON.stringify(seen), stderr: '' }
  }
}

const BEFORE = { startedAt: 100, inRecovery: false }
const AFTER = { startedAt: 200, inRecovery: false }

async function restart(given: {
  readonly exec: ReturnType<typeof server>
  readonly answer: Answer
  readonly until?: 'running' | 'writable'
  readonly timeoutMs?: number
  readonly log?: string
}) {
  await using patroni = await testingServer(tls, given.answer)
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const args = {
    instance: 'pg-main-1',
    patroniUrl: patroni.url,
    ...tls.tls,
    postgres: { instance: 'pg-main-1', socketDirectory: '/run', port: 5432 },
    unit: 'drover-patroni@pg-main-1.service',
    startedAt: 100,
    until: given.until ?? 'writable',
    startTimeoutSeconds: 10,
    timeoutMs: given.timeoutMs ?? 5_000,
  } as const
  const run = createPatroniRestart({
    exec: given.exec,
    monotonic: () => performance.now(),
    now: Date.now,
    client,
    wake: async () => undefined,
    systemd: { lastLines: async () => given.log ?? '' },
  })
  return await run({ args, signal: new AbortController().signal, progress: () => undefined }).finally(() =>
    client.close(),
  )
}

describe('patroni.restart', () => {
  it('asks Patroni once, and answers when the server has started anew and takes writes', async () => {
    const asked: unknown[] = []
    const outcome = await restart({
      exec: server(BEFORE, BEFORE, null, { ...AFTER, inRecovery: true }, AFTER),
      answer: ({ method, url }, response, body) => {
        asked.push(`${method} ${url}`, JSON.parse(body))
        response.end('restarted successfully')
      },
    })
    expect(outcome).toMatchObject({ state: 'restarted', startedAt: 200 })
    expect(asked).toEqual(['POST /restart', { timeout: 10 }])
  })

  it('leaves a server alone that was started since', async () => {
    const asked: string[] = []
    const outcome = await restart({
      exec: server(AFTER),
      answer: (request, response) => {
        asked.push(String(request.url))
        response.end()
      },
    })
    expect(outcome).toMatchObject({ state: 'restarted', startedAt: 200 })
    expect(asked).toEqual([])
  })

  it('tells in the words of PostgreSQL why it does not start', async () => {
    const outcome = await restart({
      exec: server(BEFORE, null),
      answer: (_, response) => {
        response.statusCode = 503
        response.end('restart failed')
      },
      log: [
        '2026-01-01 10:00:00 UTC [7] FATAL:  could not access file "nosuch": No such file or directory',
        '2026-01-01 10:00:00 UTC [7] LOG:  database system is shut down',
      ].join('\n'),
    })
    expect(outcome).toEqual({
      state: 'refused',
      because: 'could not access file "nosuch": No such file or directory',
    })
  })

  it('waits for a standby that only has to take connections', async () => {
    const standby = { startedAt: 200, inRecovery: true }
    const outcome = await restart({
      exec: server(BEFORE, null, standby),
      answer: () => undefined,
      until: 'running',
    })
    expect(outcome).toMatchObject({ state: 'restarted' })
  })

  it('passes on why Patroni refuses, and does not wait for ever', async () => {
    const refusing: Answer = (_, response) => {
      response.statusCode = 503
      response.end('restart conditions are not satisfied')
    }
    await expect(restart({ exec: server(BEFORE), answer: refusing })).rejects.toMatchObject({
      code: 'conflict',
      retryable: false,
    })
    await expect(
      restart({ exec: server(BEFORE, null), answer: () => undefined, timeoutMs: 200 }),
    ).rejects.toMatchObject({ code: 'timeout' })
  })
})

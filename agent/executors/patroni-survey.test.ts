import { describe, expect, it } from 'vitest'
import { testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createPatroniFailover } from './patroni-failover.ts'
import { createPatroniSurvey } from './patroni-survey.ts'

const tls = await testingTls()
const now = Date.parse('2026-01-01T00:01:00Z')
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/cluster': {
    pause: true,
    members: [
      { name: 'pg-main-1', role: 'leader', state: 'running' },
      { name: 'pg-main-2', role: 'sync_standby', state: 'streaming', lag: 8 },
      { name: 'pg-main-3', role: 'replica', state: 'stopped', lag: 'unknown', tags: { nofailover: true } },
    ],
  },
  '/config': { ttl: 20, loop_wait: 5 },
  '/history': [[1, 5, 'no recovery target specified', '2026-01-01T00:00:00+00:00', 'pg-main-1']],
  '/patroni': { state: 'running', role: 'replica', sync_standby: true },
}

describe('patroni.survey', () => {
  it('says what etcd knows, and who answers: a dead host is silence, not a failure', async () => {
    await using server = await testingServer(tls, (request, response) => {
      response.end(JSON.stringify(ANSWERS[request.url ?? '']))
    })
    const nobody = { patroniUrl: 'https://127.0.0.1:1', address: '127.0.0.1', postgresPort: 1 }
    const args = { ...target(server.url), others: [{ instance: 'pg-main-1', ...nobody }] }
    expect(await withClient(client => createPatroniSurvey({ client, now: () => now })(call(args)))).toEqual({
      leader: 'pg-main-1',
      paused: true,
      members: [
        { instance: 'pg-main-1', state: 'running', synchronous: false, noFailover: false },
        { instance: 'pg-main-2', state: 'streaming', synchronous: true, lagBytes: 8, noFailover: false },
        { instance: 'pg-main-3', state: 'stopped', synchronous: false, noFailover: true },
      ],
      answers: [{ instance: 'pg-main-2', role: 'sync-standby', state: 'running' }],
      ttlSeconds: 20,
      loopWaitSeconds: 5,
      lastPromotion: { instance: 'pg-main-1', ageMs: 60_000 },
    })
  })
})

describe('patroni.failover', () => {
  it.each([
    [200, 'Successfully failed over to "pg-main-2"'],
    [503, 'Failover status unknown'],
  ])('passes on what Patroni says, also that it still waits for the old lease: %i', async (status, text) => {
    const asked: unknown[] = []
    await using server = await testingServer(tls, (request, response, body) => {
      asked.push(`${request.method} ${request.url}`, JSON.parse(body))
      response.statusCode = status
      response.end(text)
    })
    expect(await withClient(client => createPatroniFailover({ client })(call(target(server.url))))).toEqual({
      message: text,
    })
    expect(asked).toEqual(['POST /failover', { candidate: 'pg-main-2' }])
  })

  it('is not tried again when Patroni refuses', async () => {
    await using server = await testingServer(tls, (_, response) => {
      response.statusCode = 412
      response.end('failover is not possible: no good candidates have been found')
    })
    const refused = withClient(client => createPatroniFailover({ client })(call(target(server.url))))
    await expect(refused).rejects.toMatchObject({ code: 'conflict', retryable: false })
  })
})

function target(patroniUrl: string) {
  return { instance: 'pg-main-2', patroniUrl, ...tls.tls }
}

function call<Args>(args: Args) {
  return { args, signal: new AbortController().signal, progress: () => undefined }
}

async function withClient<T>(work: (client: ReturnType<typeof createTlsClient>) => Promise<T>): Promise<T> {
  const client = createTlsClient({ files: tls.files, now: Date.now })
  return await work(client).finally(() => client.close())
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPsqlSession } from '../../agent/executors/postgres/psql-session.ts'
import { createPostgresAwait } from '../../agent/executors/postgres-await.ts'
import { createPostgresCheckpoint } from '../../agent/executors/postgres-checkpoint.ts'
import { createPostgresInspect } from '../../agent/executors/postgres-inspect.ts'
import { createHost } from '../../agent/host/host.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

const { exec, converse } = createHost()
const monotonic = (): number => performance.now()

describe('a running PostgreSQL, as a switchover looks at it', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  function call<Args>(args: Args) {
    const { socketDirectory, port } = server
    const target = { instance: 'pg-main-1', socketDirectory, port, ...args }
    return { args: target, signal: new AbortController().signal, progress: () => undefined }
  }

  it('is inspected: nobody streams, no transaction is open', async () => {
    expect(await createPostgresInspect({ exec })(call({}))).toEqual({
      oldestTransactionMs: 0,
      archiverFails: false,
      archiveBacklog: 0,
      standbys: [],
    })
  })

  it('makes a checkpoint', async () => {
    const before = server.sql('SELECT checkpoint_lsn FROM pg_control_checkpoint()')
    server.sql('CREATE TABLE dirty AS SELECT 1')
    await createPostgresCheckpoint({ exec, monotonic })(call({}))
    expect(server.sql('SELECT checkpoint_lsn FROM pg_control_checkpoint()')).not.toEqual(before)
  })

  it('is writable at once, and waited for in vain to have a synchronous standby', async () => {
    const watch = createPostgresAwait({ converse, monotonic, wakeOnce: async () => undefined })
    expect(await watch(call({ until: 'writable' as const, timeoutMs: 5_000 }))).toEqual({ tookMs: expect.any(Number) })
    await expect(watch(call({ until: 'synchronous' as const, timeoutMs: 200 }))).rejects.toMatchObject({
      code: 'timeout',
      message: 'pg-main-1 was not synchronous within 200 ms',
    })
  })

  it('has its Patroni woken until a standby is synchronous, which may not come in time', async () => {
    let woken = 0
    const wakeOnce = async (): Promise<void> => void (woken += 1)
    const wake = { instance: 'pg-main-1', patroniUrl: 'https://127.0.0.1:1', caPath: '', certPath: '', keyPath: '' }
    const watch = createPostgresAwait({ converse, monotonic, wakeOnce })
    const args = { until: 'writable' as const, timeoutMs: 5_000, synchronousWithinMs: 350, wake }
    expect(await watch(call(args))).toEqual({ tookMs: expect.any(Number) })
    expect(woken).toBeGreaterThanOrEqual(2)
  })

  it('answers over one connection, tells its own words, and is no more when it is killed', async () => {
    const { socketDirectory, port } = server
    const { signal } = new AbortController()
    const target = { socketDirectory, port, user: 'postgres', database: 'postgres' } as const
    const session = await openPsqlSession(converse, target)
    const first = await session.ask('SELECT pg_backend_pid() AS answer', signal)
    await expect(session.ask('SELECT 1 / 0 AS answer', signal)).rejects.toMatchObject({
      code: 'failed',
      message: 'ERROR:  division by zero',
    })
    expect(await session.ask('SELECT pg_backend_pid() AS answer', signal)).toBe(first)
    await session.kill()
    await expect(session.ask('SELECT 1 AS answer', signal)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('cannot be asked where nobody listens', async () => {
    const target = { socketDirectory: '/nowhere', port: 1, user: 'postgres', database: 'postgres' } as const
    const session = await openPsqlSession(converse, target)
    await expect(session.ask('SELECT 1 AS answer', new AbortController().signal)).rejects.toThrow(/No such file/)
  })
})

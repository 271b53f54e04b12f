import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresAwait } from '../../agent/executors/postgres-await.ts'
import { createPostgresCheckpoint } from '../../agent/executors/postgres-checkpoint.ts'
import { createPostgresInspect } from '../../agent/executors/postgres-inspect.ts'
import { createHost } from '../../agent/host/host.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

const { exec } = createHost()
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
    const watch = createPostgresAwait({ exec, monotonic, wake: async () => undefined })
    expect(await watch(call({ until: 'writable' as const, timeoutMs: 5_000 }))).toEqual({ tookMs: expect.any(Number) })
    await expect(watch(call({ until: 'synchronous' as const, timeoutMs: 200 }))).rejects.toMatchObject({
      code: 'timeout',
      message: 'pg-main-1 was not synchronous within 200 ms',
    })
  })
})

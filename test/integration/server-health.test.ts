import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost } from '../../agent/host/host.ts'
import { type ServerQuestion, sequencesInUse, serverHealth } from '../../agent/observe/health/server-health.ts'
import { startSkew } from '../../agent/observe/health/start-skew.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

/** What is asked of a server about its health, on a real one of this machine. */
let server: PostgresServer
let question: ServerQuestion

beforeAll(async () => {
  server = await startPostgres({
    wal_level: 'logical',
    max_prepared_transactions: '5',
    archive_mode: 'on',
    archive_command: 'false',
  })
  const { socketDirectory, port } = server
  question = { exec: createHost().exec, socketDirectory, port, signal: AbortSignal.timeout(60_000) }
})
afterAll(async () => server?.stop())

describe('the health of a server', () => {
  it('is good on a new one', async () => {
    const health = await serverHealth(question)
    expect(health).toMatchObject({ inactiveSlots: [], prepared: { count: 0, oldestSeconds: 0 }, collations: [] })
    expect(health.transactionAge.age).toBeLessThan(1_000_000)
    expect(await sequencesInUse(question)).toEqual([])
  })

  it('names slots that nobody reads from, with the WAL they hold', async () => {
    server.sql("SELECT pg_create_physical_replication_slot('gone', true)")
    server.sql('CREATE TABLE filler AS SELECT repeat(md5(i::text), 20) AS t FROM generate_series(1, 20000) i')
    const { inactiveSlots } = await serverHealth(question)
    expect(inactiveSlots).toMatchObject([{ name: 'gone', walStatus: 'reserved' }])
    expect(inactiveSlots[0]?.retainedBytes).toBeGreaterThan(8 * 1024 * 1024)
    server.sql("SELECT pg_drop_replication_slot('gone')")
  })

  it('names an archive command that fails', async () => {
    server.sql('SELECT pg_switch_wal()')
    await expect
      .poll(async () => (await serverHealth(question)).archiver, { timeout: 20_000 })
      .toMatchObject({ failing: true, waitingFiles: expect.any(Number) })
  })

  it('counts prepared transactions', async () => {
    server.sql("BEGIN; INSERT INTO filler VALUES ('x'); PREPARE TRANSACTION 'forgotten'")
    expect((await serverHealth(question)).prepared.count).toBe(1)
    server.sql("ROLLBACK PREPARED 'forgotten'")
  })

  it('names databases whose text was sorted by another version of the library', async () => {
    server.sql("CREATE DATABASE words TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'")
    server.sql("UPDATE pg_database SET datcollversion = '2.20' WHERE datname = 'words'")
    expect((await serverHealth(question)).collations).toEqual([
      { database: 'words', recorded: '2.20', actual: expect.stringMatching(/^\d+\./) },
    ])
    server.sql('ALTER DATABASE words REFRESH COLLATION VERSION')
    expect((await serverHealth(question)).collations).toEqual([])
  })

  it('names sequences near their end, in every database and both directions', async () => {
    server.sql('CREATE DATABASE app')
    server.sql('CREATE SEQUENCE ids AS integer START 2147000000; SELECT nextval($$ids$$)', 'app')
    server.sql(
      'CREATE SEQUENCE down INCREMENT -1 MINVALUE -1000 START -950 MAXVALUE -1; SELECT nextval($$down$$)',
      'app',
    )
    server.sql('CREATE SEQUENCE round AS smallint START 32000 CYCLE; SELECT nextval($$round$$)', 'app')
    server.sql('CREATE SEQUENCE young AS integer; SELECT nextval($$young$$)')
    expect(await sequencesInUse(question)).toEqual([
      { database: 'app', name: 'public.ids', used: 1 },
      { database: 'app', name: 'public.down', used: 0.95 },
    ])
  })

  it('is not told by a server that does not answer', async () => {
    await expect(serverHealth({ ...question, port: 1 })).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('has a start that PostgreSQL and the kernel agree on', async () => {
    const [directory = ''] = server.sql('SHOW data_directory')
    expect(await startSkew(createHost().files, directory)).toBeLessThanOrEqual(1)
  })
})

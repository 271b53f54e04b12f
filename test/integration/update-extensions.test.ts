import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createUpdateExtensions } from '../../agent/executors/postgres-update-extensions.ts'
import { createHost } from '../../agent/host/host.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

/** Extensions that are older than their packages, on a real server of this machine. */
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
  server.sql('CREATE DATABASE app')
  server.sql(
    "CREATE EXTENSION pg_trgm VERSION '1.4'; CREATE EXTENSION hstore VERSION '1.7'; CREATE EXTENSION citext VERSION '1.4'",
    'app',
  )
})
afterAll(async () => server?.stop())

describe('extensions after an upgrade', () => {
  const versions = () => server.sql("SELECT extname || ' ' || extversion FROM pg_extension ORDER BY 1", 'app')
  const update = (...names: readonly string[]) =>
    createUpdateExtensions({ exec: createHost().exec })({
      args: {
        instance: 'pg-main-1',
        socketDirectory: server.socketDirectory,
        port: server.port,
        extensions: names.map(name => ({ database: 'app', name })),
      },
      signal: AbortSignal.timeout(60_000),
      progress: () => undefined,
    })

  it('are taken to the version of their packages, one that cannot be does not hold up the others, and the rest is left alone', async () => {
    // The script of its next version makes a function of this name.
    server.sql(
      "CREATE FUNCTION hstore_subscript_handler(internal) RETURNS internal LANGUAGE internal AS 'array_subscript_handler'",
      'app',
    )
    const before = versions()
    const { updated, refused } = await update('pg_trgm', 'hstore', 'ltree')
    expect(updated).toContainEqual({
      database: 'app',
      name: 'pg_trgm',
      version: '1.4',
      to: expect.stringMatching(/^1\.[5-9]/),
    })
    expect(refused).toMatchObject([
      { name: 'hstore', version: '1.7', because: expect.stringContaining('already exists') },
    ])
    expect(updated.map(({ name }) => name)).toEqual(['pg_trgm'])
    expect(versions().find(line => line.startsWith('citext'))).toBe(before.find(line => line.startsWith('citext')))
    expect((await update('pg_trgm')).updated).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost } from '../../agent/host/host.ts'
import { countLog, countServer } from '../../agent/observe/activity/count-activity.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

/** What goes through a real server of this machine. */
let server: PostgresServer
const { exec } = createHost()
const signal = AbortSignal.timeout(60_000)

beforeAll(async () => {
  server = await startPostgres()
  server.sql('CREATE DATABASE app')
})
afterAll(async () => server?.stop())

describe('what is counted of a server', () => {
  it('is commits and rollbacks of databases that are not its own', async () => {
    const { socketDirectory, port } = server
    const count = () => countServer({ exec, socketDirectory, port, signal })
    const before = await count()
    for (let number = 0; number < 5; number += 1) server.sql('CREATE TABLE IF NOT EXISTS t ()', 'app')
    expect(() => server.sql('SELECT 1 / 0', 'app')).toThrow()
    server.sql('CREATE TABLE own ()')
    await expect.poll(async () => (await count()).rollbacks - before.rollbacks, { timeout: 10_000 }).toBe(1)
    const { commits, killed } = await count()
    expect(commits - before.commits).toBeGreaterThanOrEqual(5)
    expect(killed).toBe(0)
  })

  it('is nothing of a log that nobody writes', async () => {
    const now = Date.now()
    const unit = 'drover-no-such-unit.service'
    expect(await countLog(exec, { unit, since: now - 1000, until: now, signal })).toEqual({
      panics: 0,
      fatals: 0,
      errors: 0,
    })
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createUpgradeLook } from '../../agent/executors/postgres-upgrade-look.ts'
import { createHost } from '../../agent/host/host.ts'
import type { UpgradeLook, UpgradeLookArgs } from '../../shared/domain/upgrade-look.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { waitUntil } from '../support/wait-until.ts'

/** What an upgrade looks at, on a real server of this machine. */
let server: PostgresServer
const clients: ChildProcess[] = []

beforeAll(async () => {
  server = await startPostgres({ archive_mode: 'on', archive_command: 'false' })
  server.sql('CREATE DATABASE app')
})
afterEach(() => {
  for (const client of clients.splice(0)) client.kill('SIGKILL')
})
afterAll(async () => server?.stop())

describe('the look before an upgrade', () => {
  it('tells clients that came past the poolers, in groups', async () => {
    await connect('billing', 2)
    await connect('pooled', 1)
    const pooled = server.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'pooled'").map(Number)
    expect((await look({ pooled })).clients).toEqual([
      { user: 'postgres', database: 'app', application: 'billing', address: 'socket', count: 2 },
    ])
    // Poolers may have made those since they were asked.
    expect((await look({ minAgeMs: 60_000 })).clients).toEqual([])
  })

  it('tells the oldest transaction with whose it is', async () => {
    expect((await look()).oldestTransaction).toBeUndefined()
    await connect('report', 1, 'BEGIN; SELECT 1;')
    expect((await look()).oldestTransaction).toMatchObject({
      user: 'postgres',
      application: 'report',
      state: 'idle in transaction',
    })
  })

  it('tells WAL that waits to be archived, extensions of every database, and how text is sorted', async () => {
    server.sql('CREATE EXTENSION pg_trgm', 'app')
    server.sql('SELECT pg_switch_wal()')
    await expect.poll(async () => (await look()).archive?.failing, { timeout: 20_000 }).toBe(true)
    const { archive, extensions, collations, outputPlugins, replayLagMs } = await look()
    expect(archive?.waitingFiles).toBeGreaterThan(0)
    expect(archive?.oldestWaitingSeconds).toBeLessThan(60)
    expect(extensions).toEqual([{ database: 'app', name: 'pg_trgm', version: expect.stringMatching(/^1\.\d/) }])
    expect(collations.icu).toMatch(/^\d+\./)
    expect([outputPlugins, replayLagMs]).toEqual([[], undefined])
  })
})

async function look(change: Partial<UpgradeLookArgs> = {}): Promise<UpgradeLook> {
  const { socketDirectory, port } = server
  const args = { instance: 'pg-main-1', socketDirectory, port, pooled: [], minAgeMs: 0, members: [], ...change }
  const execute = createUpgradeLook({ exec: createHost().exec })
  return execute({ args, signal: AbortSignal.timeout(60_000), progress: () => undefined })
}

/** Clients that stay until the end of the test. */
async function connect(application: string, count: number, sql = 'SELECT 1;'): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const where = `host=${server.socketDirectory} port=${server.port} dbname=app user=postgres application_name=${application}`
    const options = ['--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=KILL', '--']
    const client = spawn('setpriv', [...options, 'psql', '--no-psqlrc', where], { stdio: ['pipe', 'ignore', 'ignore'] })
    clients.push(client)
    client.stdin?.write(`${sql}\n`)
  }
  const seen = (): number =>
    Number(server.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = '${application}'`)[0])
  await waitUntil(() => (seen() >= count ? true : null))
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresInspect } from '../../agent/executors/postgres-inspect.ts'
import { createPostgresSettings } from '../../agent/executors/postgres-settings.ts'
import { createHost } from '../../agent/host/host.ts'
import { createTlsClient } from '../../agent/observe/mutual-tls.ts'
import type { ServerSettings } from '../../shared/domain/command.ts'
import { testingServer, testingTls } from '../support/fleet-tls-server.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

const { exec } = createHost()
const tls = await testingTls()
const signal = new AbortController().signal
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => server?.stop())

/** As seen beside a Patroni that wants these parameters. */
async function settings(wanted: Readonly<Record<string, unknown>>): Promise<ServerSettings> {
  await using patroni = await testingServer(tls, (_, response) => {
    response.end(JSON.stringify({ ttl: 30, postgresql: { parameters: wanted } }))
  })
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const { socketDirectory, port } = server
  const args = {
    instance: 'pg-main-1',
    socketDirectory,
    port,
    patroni: { instance: 'pg-main-1', patroniUrl: patroni.url, ...tls.tls },
  }
  const call = { args, signal, progress: () => undefined }
  return await createPostgresSettings({ exec, client })(call).finally(() => client.close())
}

describe('postgres.settings', () => {
  it('tells what Patroni, the files and the running server say', async () => {
    server.sql("alter system set work_mem = '8MB'")
    server.sql("alter system set max_connections = '77'")
    server.sql("alter system set primary_conninfo = 'password=hush'")
    server.sql('select pg_reload_conf()')
    const seen = await settings({ work_mem: '8MB', max_connections: 77, hot_standby: true, 'nobody.knows': 'x' })
    const one = (name: string) => seen.settings.find(each => each.name === name)
    expect(seen).toMatchObject({ inRecovery: false, wanted: { max_connections: '77', hot_standby: 'on' } })
    expect(one('work_mem')).toEqual({
      name: 'work_mem',
      running: '8192',
      shown: '8MB',
      unit: 'kB',
      type: 'integer',
      file: '8MB',
      from: 'alter-system',
      pending: false,
    })
    expect(one('max_connections')).toMatchObject({ running: '100', file: '77', pending: true })
    expect(one('max_connections')).not.toHaveProperty('refused')
    expect(one('nobody.knows')).toEqual({ name: 'nobody.knows', pending: false })
    expect(JSON.stringify(seen)).not.toContain('hush')
  })

  it('tells of a line that the server cannot take', async () => {
    server.sql("alter system set log_timezone = 'UTC'")
    const data = server.sql('show data_directory')[0] ?? ''
    await exec({
      argv: ['sh', '-c', `echo "log_timezone = 'Nowhere/Land'" >> ${data}/postgresql.auto.conf`],
      timeoutMs: 5_000,
      signal,
    })
    server.sql('select pg_reload_conf()')
    const { settings: seen } = await settings({})
    expect(seen.find(({ name }) => name === 'log_timezone')).toMatchObject({
      file: 'Nowhere/Land',
      refused: 'setting could not be applied',
    })
  })

  it('knows one start of the server from another', async () => {
    const { startedAt } = await settings({})
    expect(Math.abs(Date.now() - startedAt)).toBeLessThan(120_000)
  })
})

describe('postgres.inspect', () => {
  it('counts what waits to be archived', async () => {
    const { socketDirectory, port } = server
    const args = { instance: 'pg-main-1', socketDirectory, port }
    const seen = await createPostgresInspect({ exec })({ args, signal, progress: () => undefined })
    expect(seen).toMatchObject({ archiveBacklog: 0, archiverFails: false, standbys: [] })
  })
})

import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPatroniReload } from '../../agent/executors/patroni-reload.ts'
import { createHost } from '../../agent/host/host.ts'
import { createTlsClient } from '../../agent/observe/mutual-tls.ts'
import { createSurveyor, type Surveyed } from '../../agent/observe/survey/surveyor.ts'
import type { InstanceWatch } from '../../shared/domain/manifest.ts'
import { testingServer, testingTls } from '../support/fleet-tls-server.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

/** A real server beside a Patroni that says what the test wants, as the agent surveys them. */
const { exec } = createHost()
const tls = await testingTls()
const client = createTlsClient({ files: tls.files, now: Date.now })
const signal = new AbortController().signal
let server: PostgresServer
let monotonic = 0
const survey = createSurveyor({ exec, client, monotonic: () => monotonic })

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => {
  client.close()
  await server?.stop()
})

const CLUSTER = { members: [{ name: 'pg-1', role: 'leader', lag: 5, tags: { clonefrom: true } }], scope: 'pg' }

async function surveyed(thorough = false): Promise<Extract<Surveyed, { survey: unknown }>> {
  await using patroni = await testingServer(tls, (request, response) => {
    const config = { ttl: 30, postgresql: { parameters: { work_mem: '8MB' } } }
    response.end(JSON.stringify(request.url === '/config' ? config : CLUSTER))
  })
  const [seen] = await survey({ watches: [watch(patroni.url)], thorough, signal })
  if (seen === undefined || 'why' in seen) throw new Error(seen?.why ?? 'nothing was seen')
  return seen
}

function watch(patroniUrl: string): InstanceWatch {
  return {
    cluster: 'pg',
    instance: 'pg-1',
    address: '127.0.0.1',
    postgresPort: server.port,
    socketDirectory: server.socketDirectory,
    dataDirectory: '/nowhere',
    patroniUrl,
    patroniUnit: 'none.service',
    ...tls.tls,
    poolers: [],
    services: [],
  }
}

async function data(file: string): Promise<string> {
  return join(server.sql('show data_directory')[0] ?? '', file)
}

describe('a survey of a server', () => {
  it('is the same as long as nothing is changed, whatever the load', async () => {
    const before = await surveyed(true)
    server.sql('create table load as select generate_series(1, 10000)')
    server.sql('drop table load')
    const after = await surveyed(true)
    expect([after.digest, after.contents]).toEqual([before.digest, before.contents])
    expect(after.survey).toMatchObject({
      config: { ttl: 30 },
      members: [{ name: 'pg-1', tags: { clonefrom: true } }],
      slots: [],
      hba: { errors: [], isUnread: false },
    })
    expect(after.survey.hba.lines).toContain('local   all             all                                     peer')
  })

  it('says where a setting comes from', async () => {
    const before = await surveyed()
    server.sql("alter system set work_mem = '64MB'")
    server.sql('select pg_reload_conf()')
    await expect.poll(() => server.sql('show work_mem')).toEqual(['64MB'])
    const { digest, survey: seen } = await surveyed()
    expect(digest).not.toBe(before.digest)
    const named = (name: string) => seen.settings.find(each => each.name === name)
    expect(named('work_mem')).toMatchObject({ file: '64MB', running: '65536', from: 'alter-system' })
    expect(named('lc_messages')).toMatchObject({ from: 'patroni' })
  })

  it('tells of rules that were edited, not understood and not read, and of no password among them', async () => {
    // A file's time is known to the second only.
    await delay(1_100)
    await appendFile(
      await data('pg_hba.conf'),
      'host all all 10.0.0.0/8 ldap ldapserver=x ldapbasedn=y ldapbindpasswd="hush hush"\nhost all all nowhere trusty\n# a comment\n',
    )
    const { survey: seen } = await surveyed()
    expect(seen.hba.lines.slice(-2)).toEqual([
      'host all all 10.0.0.0/8 ldap ldapserver=x ldapbasedn=y ldapbindpasswd=[hidden]',
      'host all all nowhere trusty',
    ])
    expect(seen.hba.errors).toEqual([expect.stringMatching(/^line \d+: .*trusty/)])
    expect(seen.hba.isUnread).toBe(true)
    expect(JSON.stringify(seen)).not.toContain('hush')
  })

  it('has another digest of contents as soon as a role or a database is changed, looked at seldom unless asked', async () => {
    const { contents } = await surveyed(true)
    server.sql('create role guest createdb')
    expect((await surveyed()).contents).toBe(contents)
    const changed = (await surveyed(true)).contents
    expect(changed).not.toBe(contents)
    server.sql(`create database "it's \\ odd"`)
    const odd = (await surveyed(true)).contents
    server.sql('create schema corner', "it's \\ odd")
    expect((await surveyed(true)).contents).not.toBe(odd)
    server.sql('create schema corner', 'template1')
    monotonic += 601_000
    expect((await surveyed()).contents).not.toBe(changed)
  })

  it('says why a server cannot be asked', async () => {
    const seen = await survey({ watches: [watch('https://127.0.0.1:1')], thorough: false, signal })
    expect(seen).toEqual([{ instance: 'pg-1', why: expect.stringContaining('127.0.0.1:1') }])
  })
})

describe('patroni.reload', () => {
  it('takes back what ALTER SYSTEM has set under the names that it is given, and nothing else', async () => {
    server.sql("alter system set log_statement = 'all'")
    server.sql("alter system set maintenance_work_mem = '32MB'")
    await using patroni = await testingServer(tls, (_, response) => {
      server.sql('select pg_reload_conf()')
      response.statusCode = 202
      response.end()
    })
    const reload = createPatroniReload({ exec, client, monotonic: () => performance.now() })
    const { socketDirectory, port } = server
    const target = { instance: 'pg-1', patroniUrl: patroni.url, ...tls.tls }
    const args = {
      instance: 'pg-1',
      socketDirectory,
      port,
      patroni: target,
      reset: ['work_mem', 'maintenance_work_mem'],
    }
    await reload({ args, signal, progress: () => undefined })
    const { settings } = (await surveyed()).survey
    expect(settings.filter(({ from }) => from === 'alter-system').map(({ name }) => name)).toEqual(['log_statement'])
  })
})

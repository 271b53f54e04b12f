import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DroverResult } from '../../deploy/quickstart/drover-command.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'

/** What somebody changes by hand on hosts, in PostgreSQL and in etcd: seen, told, put back. One story. */
let fleet: TestFleet
let file: string

beforeAll(async () => {
  fleet = await startFleet({ name: 'hr', subnet: '10.10.80.0/24', hosts: 2 })
  const { code, stderr } = await apply()
  expect(code, stderr).toBe(0)
  await fleet.waitForHealthy('pg-main')
})
afterAll(() => fleet?.down())

async function apply(policy = 'report'): Promise<DroverResult> {
  file = await fleet.writeSpec(`version: 1
fleet: { name: hr, drift: ${policy} }
etcd: { members: 1 }
clusters:
  - name: pg-main
    members: 2
    workload: tiny
    failover: fast
    durability: sync
    parameters: { work_mem: 8MB }
    users:
      - { name: readers, login: false }
      - { name: app, memberOf: [readers], parameters: { statement_timeout: 5s } }
    databases: [{ name: app, owner: app, revokePublicConnect: true }]
    privileges: [{ for: [app], to: readers, on: tables, grant: [SELECT] }]
`)
  return fleet.drover('apply', '-f', file)
}

interface Seen {
  readonly nodes: readonly {
    readonly node: string
    readonly state: string
    readonly items: readonly { kind: string; name: string }[]
  }[]
  readonly clusters: readonly {
    readonly cluster: string
    readonly state: string
    readonly items: readonly {
      kind: string
      name: string
      instance: string
      expected: string
      found: string
      repairedBy: string
    }[]
    readonly unknown: readonly string[]
  }[]
}

async function told(): Promise<readonly string[]> {
  const { nodes, clusters } = await fleet.json<Seen>('drift')
  return [
    ...nodes.flatMap(({ items }) => items.map(({ kind, name }) => `${kind} ${name}`)),
    ...clusters.flatMap(({ items, unknown }) => [
      ...items.map(({ kind, name, found, expected }) => `${kind} ${name}: ${found} → ${expected}`),
      ...unknown,
    ]),
  ]
}

async function primary(): Promise<{ readonly name: string; readonly node: string }> {
  const cluster = await fleet.cluster('pg-main')
  const node = cluster.members.find(({ name }) => name === cluster.primary)?.node ?? ''
  return { name: cluster.primary, node }
}

async function onNode(node: string, command: string): Promise<string> {
  return (await fleet.lab.exec(node, ['sh', '-c', command])).stdout.trim()
}

async function sql(statement: string, database = 'postgres'): Promise<string> {
  const { name, node } = await primary()
  const psql = `runuser -u postgres -- psql -XAtq -h /run/drover-pg/${name} -d ${database}`
  return onNode(node, `${psql} -c ${JSON.stringify(statement)}`)
}

describe('drift on hosts', () => {
  it('is none after an apply', async () => {
    expect(await told()).toEqual([])
    expect(await fleet.drover('drift', '--exit-code')).toMatchObject({ code: 0 })
  })

  it('is told, whatever was changed', async () => {
    const { name, node } = await primary()
    await sql("ALTER SYSTEM SET work_mem = '64MB'")
    await sql('SELECT pg_reload_conf()')
    await onNode(node, `echo 'host all all 0.0.0.0/0 trust' >> /var/lib/drover/pg/${name}/data/pg_hba.conf`)
    await sql('ALTER ROLE app CREATEDB')
    await sql("ALTER ROLE app PASSWORD 'hush'")
    await sql("ALTER ROLE app SET statement_timeout = '1s'")
    await sql('REVOKE readers FROM app')
    await sql('GRANT CONNECT ON DATABASE app TO public')
    await sql('ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE SELECT ON TABLES FROM readers', 'app')
    await sql("ALTER ROLE app SET work_mem = '1GB'")
    await onNode(
      node,
      `patronictl -c /etc/drover/patroni/${name}/patroni.yml edit-config pg-main --force -s ttl=77 -p log_statement=all -p log_hostname=on`,
    )
    await onNode(node, `systemctl stop drover-pgbouncer-ro@${name}`)
    await onNode(node, 'dpkg --remove --force-depends python3-etcd')
    const seen = await told()
    expect(seen).toEqual(
      expect.arrayContaining([
        'setting work_mem: 64MB (ALTER SYSTEM) → 8MB',
        'hba host all all 0.0.0.0/0 trust: a rule → no such rule',
        'object user app: createdb: yes → no',
        'object user app: password: another one → as applied',
        'object user app: statement_timeout: 1s → 5s',
        'object user app: member of readers: no → yes',
        'object database app: public may connect: yes → no',
        'object default privileges in app: tables of app to readers: not granted → SELECT',
        'object user app: work_mem: 1GB → not declared',
        'configuration ttl: 77 → 20',
        'configuration postgresql.parameters.log_statement: all → ddl',
        'configuration postgresql.parameters.log_hostname: on → not set',
        `unit drover-pgbouncer-ro@${name}.service`,
        'package python3-etcd',
      ]),
    )
    expect(JSON.stringify(seen)).not.toContain('hush')
    expect(await fleet.drover('drift', 'pg-main', '--exit-code')).toMatchObject({ code: 10 })
  })

  it('is put back by an apply, but for what nobody has declared', async () => {
    const { code, stderr } = await apply()
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('ALTER ROLE "app" RESET "work_mem"')
    expect(await told()).toEqual(['object user app: work_mem: 1GB → not declared'])
    await sql('ALTER ROLE app RESET work_mem')
    expect(await told()).toEqual([])
    expect(await sql('SHOW work_mem')).toBe('8MB')
    expect((await fleet.drover('plan', '-f', file, '--exit-code')).code).toBe(0)
  })

  it('is put back by Drover itself, when the fleet says so', async () => {
    expect((await apply('repair')).code).toBe(0)
    await sql('ALTER ROLE app CREATEDB')
    await sql("ALTER SYSTEM SET work_mem = '64MB'")
    await fleet.drover('drift')
    await expect
      .poll(() => sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'app'"), { timeout: 120_000, interval: 2000 })
      .toBe('f')
    await expect.poll(told, { timeout: 60_000, interval: 2000 }).toEqual([])
    const { records } = await fleet.json<{ records: { type: string; actor: string }[] }>('audit', 'list')
    expect(records.filter(({ type }) => type === 'drift:repair')).toMatchObject([{ actor: 'drover' }])
  })
})

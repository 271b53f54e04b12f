import { describe, expect, it } from 'vitest'
import { fateOf, imported, importedCluster, inventoryOf } from '../../../../test/support/pigsty.ts'

const PLACE = 'all.children.pg-main.vars.pg_databases[0]'

describe("the databases of an inventory's cluster", () => {
  it('keep every field', () => {
    const database = {
      name: 'app',
      state: 'create',
      owner: 'app',
      template: 'template0',
      strategy: 'FILE_COPY',
      encoding: 'UTF8',
      locale: 'C',
      lc_collate: 'de_DE.UTF-8',
      lc_ctype: 'C.UTF-8',
      locale_provider: 'icu',
      icu_locale: 'en-US',
      icu_rules: '&V << w',
      tablespace: 'pg_default',
      is_template: true,
      allowconn: true,
      connlimit: 40,
      revokeconn: true,
      parameters: { work_mem: '64MB' },
      comment: 'the application',
      schemas: ['app', { name: 'audit', owner: 'app' }],
      extensions: ['pg_trgm', { name: 'hstore', schema: 'app', version: '1.8' }],
      pgbouncer: true,
      pool_mode: 'session',
      pool_size: 20,
      pool_size_min: 2,
      pool_reserve: 5,
      pool_connlimit: 90,
    }
    expect(databaseOf(database)).toEqual({
      name: 'app',
      baseline: expect.any(String),
      owner: 'app',
      template: 'template0',
      strategy: 'file_copy',
      encoding: 'UTF8',
      locale: 'C',
      collate: 'de_DE.UTF-8',
      ctype: 'C.UTF-8',
      localeProvider: 'icu',
      icuLocale: 'en-US',
      icuRules: '&V << w',
      tablespace: 'pg_default',
      isTemplate: true,
      allowConnections: true,
      connectionLimit: 40,
      revokePublicConnect: true,
      parameters: { work_mem: '64MB' },
      comment: 'the application',
      schemas: [{ name: 'app' }, { name: 'audit', owner: 'app' }],
      extensions: [{ name: 'pg_trgm' }, { name: 'hstore', schema: 'app', version: '1.8' }],
      pooled: true,
      pool: { mode: 'session', size: 20, minSize: 2, reserve: 5, maxConnections: 90 },
    })
  })

  it('belong to the administrator when nobody owns them, or nobody whom the file has', () => {
    expect(databaseOf({ name: 'app' })?.owner).toBe('dbuser_dba')
    const { report } = imported(inventoryOf({ vars: { pg_databases: [{ name: 'app', owner: 'ghost' }] } }))
    expect(fateOf(report, `${PLACE}.owner`)).toContain('not a user of this cluster')
  })

  it('have the locale of their cluster, which is C unless it says otherwise', () => {
    expect(databaseOf({ name: 'app' })).toMatchObject({ encoding: 'UTF8', locale: 'C' })
    const vars = { pg_locale: 'de_DE.UTF-8', pg_lc_collate: 'C', pg_databases: [{ name: 'app' }] }
    expect(importedCluster({ vars }).databases?.[0]).toMatchObject({ locale: 'de_DE.UTF-8', collate: 'C' })
  })

  it("of PostgreSQL's own provider take its locale", () => {
    const builtin = { name: 'app', locale_provider: 'builtin', builtin_locale: 'C.UTF-8' }
    expect(databaseOf(builtin)).toMatchObject({ localeProvider: 'builtin', locale: 'C.UTF-8' })
    expect(databaseOf({ ...builtin, locale: 'C' })?.locale).toBe('C.UTF-8')
  })

  it("declare the schema that an extension goes into, as Pigsty's template has it", () => {
    const extensions = [{ name: 'pg_stat_statements', schema: 'monitor' }]
    expect(databaseOf({ name: 'app', extensions })?.schemas).toEqual([{ name: 'monitor' }])
  })

  it('lose a schema that PostgreSQL would refuse, and say where the extension goes', () => {
    const extensions = [
      { name: 'pg_cron', schema: 'extensions' },
      { name: 'postgis_topology', schema: 'topology' },
    ]
    const { file, report } = imported(inventoryOf({ vars: { pg_databases: [{ name: 'app', extensions }] } }))
    expect(file.clusters?.[0]?.databases?.[0]?.extensions).toEqual([
      { name: 'pg_cron' },
      { name: 'postgis_topology', schema: 'topology' },
    ])
    expect(fateOf(report, `${PLACE}.extensions[0].schema`)).toContain('into `pg_catalog` only')
  })

  it('lose an extension that no package is known of, and keep the others', () => {
    const text = inventoryOf({ vars: { pg_databases: [{ name: 'app', extensions: ['pg_trgm', 'pg_net'] }] } })
    const { file, report } = imported(text)
    expect(file.clusters?.[0]?.databases?.[0]?.extensions).toEqual([{ name: 'pg_trgm' }])
    expect(fateOf(report, `${PLACE}.extensions[1]`)).toContain('no package of extension `pg_net`')
  })

  it("keep what PostgreSQL's own database can have, and say of the rest why it cannot", () => {
    const own = {
      name: 'postgres',
      owner: 'app',
      comment: 'jobs',
      parameters: { work_mem: '64MB' },
      schemas: ['jobs', { name: 'audit', owner: 'dbuser_dba' }],
      extensions: ['pg_trgm'],
      pool_size: 4,
    }
    const rest = { baseline: 'own.sql', encoding: 'UTF8', revokeconn: true, connlimit: 9, is_template: true }
    const text = inventoryOf({
      vars: { pg_users: [{ name: 'app' }], pg_databases: [{ ...own, ...rest, allowconn: true, tablespace: 'fast' }] },
    })
    const { file, report } = imported(text)
    expect(file.clusters?.[0]?.databases).toEqual([
      {
        name: 'postgres',
        comment: 'jobs',
        parameters: { work_mem: '64MB' },
        schemas: [
          { owner: 'app', name: 'jobs' },
          { owner: 'dbuser_dba', name: 'audit' },
        ],
        extensions: [{ name: 'pg_trgm' }],
        pool: { size: 4 },
      },
    ])
    const fate = (key: string) => fateOf(report, `${PLACE}.${key}`)
    expect(fate('owner')).toBe('mapped clusters[].databases[].schemas[].owner')
    expect(fate('baseline')).toMatch(/^unsupported .*there already/)
    expect(['encoding', 'tablespace'].map(fate)).toEqual([
      expect.stringMatching(/^not-applicable /),
      expect.stringMatching(/^not-applicable /),
    ])
    for (const key of ['revokeconn', 'connlimit', 'allowconn', 'is_template'])
      expect(fate(key)).toMatch(/^unsupported /)
  })

  it.each([
    [{ name: 'app', state: 'absent' }, 'never removes a database'],
    [{ name: 'template1', comment: 'own' }, "PostgreSQL's own database"],
    [{ name: 'Mixed Case' }, "Drover's names are"],
  ])('%j is left out with the reason', (database, reason) => {
    const { file, report } = imported(inventoryOf({ vars: { pg_databases: [database] } }))
    expect(file.clusters?.[0]?.databases).toBeUndefined()
    expect(fateOf(report, `${PLACE}.name`)).toContain(reason)
  })

  it('that are to be made anew are only made', () => {
    const { file, report } = imported(inventoryOf({ vars: { pg_databases: [{ name: 'app', state: 'recreate' }] } }))
    expect(file.clusters?.[0]?.databases).toHaveLength(1)
    expect(fateOf(report, `${PLACE}.state`)).toContain('never drops a database')
  })
})

describe('what Pigsty grants in each database', () => {
  it('goes into the baseline: dbrole_admin creates, and the monitor user sees its schema', () => {
    expect(databaseOf({ name: 'app', owner: 'app' })?.baseline).toBe(
      [
        'GRANT CREATE ON DATABASE "app" TO "dbrole_admin";',
        'REVOKE CREATE ON SCHEMA public FROM PUBLIC;',
        'GRANT CREATE ON SCHEMA public TO "dbrole_admin";',
        'GRANT USAGE ON SCHEMA monitor TO "dbuser_monitor";',
        '',
      ].join('\n'),
    )
  })

  it('lets the monitor user in where nobody may connect by default', () => {
    expect(databaseOf({ name: 'app', revokeconn: true })?.baseline).toContain(
      'GRANT CONNECT ON DATABASE "app" TO "dbuser_monitor"',
    )
  })

  it('counts on nothing that the inventory has not', () => {
    const vars = {
      pg_default_roles: [],
      pg_default_privileges: [],
      pg_users: [{ name: 'dbuser_dba' }],
      pg_databases: [{ name: 'app' }],
    }
    expect(importedCluster({ vars }).databases?.[0]).not.toHaveProperty('baseline')
    expect(databaseOf({ name: 'app', template: 'template0' })?.baseline).not.toContain('SCHEMA monitor')
    expect(databaseOf({ name: 'app', allowconn: false })).not.toHaveProperty('baseline')
  })
})

describe('a baseline', () => {
  const text = inventoryOf({ vars: { pg_databases: [{ name: 'app', baseline: 'app.sql' }] } })

  it('is taken from the file, where the caller could read it', () => {
    const { file } = imported(text, { baselines: { 'app.sql': 'CREATE TABLE t ();' } })
    expect(file.clusters?.[0]?.databases?.[0]?.baseline).toMatch(/;\nCREATE TABLE t \(\);$/)
  })

  it.each([
    [{}, 'no such file'],
    [{ 'app.sql': '\\set ON_ERROR_STOP on\nSELECT 1;' }, 'commands of psql'],
    [{ 'app.sql': `-- ${'x'.repeat(70_000)}` }, 'the file has more than'],
  ])('is named as lost otherwise', (baselines, reason) => {
    const { file, report } = imported(text, { baselines })
    expect(file.clusters?.[0]?.databases?.[0]?.baseline).toMatch(/^(GRANT|REVOKE) [^;]*;\n((GRANT|REVOKE) [^;]*;\n)*$/)
    expect(fateOf(report, `${PLACE}.baseline`)).toContain(reason)
  })
})

describe('what Pigsty puts into every database', () => {
  it('is the template of the cluster', () => {
    const { template } = importedCluster({})
    expect(template?.schemas).toEqual([{ name: 'monitor' }])
    expect(template?.extensions).toContainEqual({ name: 'pg_stat_statements', schema: 'monitor' })
  })

  it('is what the inventory says, where it says something', () => {
    const vars = { pg_default_schemas: [], pg_default_extensions: [{ name: 'hstore' }] }
    expect(importedCluster({ vars }).template).toEqual({ schemas: [], extensions: [{ name: 'hstore' }] })
  })
})

describe('default privileges', () => {
  it('hold for owners and the superuser, and for whoever else makes objects', () => {
    const grants = importedCluster({}).privileges?.filter(({ to, on }) => to === 'dbrole_readwrite' && on === 'tables')
    expect(grants).toEqual([
      { to: 'dbrole_readwrite', on: 'tables', grant: ['INSERT', 'UPDATE', 'DELETE'] },
      {
        for: ['dbuser_dba', 'dbrole_admin'],
        to: 'dbrole_readwrite',
        on: 'tables',
        grant: ['INSERT', 'UPDATE', 'DELETE'],
      },
    ])
  })

  it('are read from statements as people space them', () => {
    const vars = { pg_default_privileges: ['GRANT SELECT,  INSERT   ON TABLES   TO  dbrole_offline', 'REVOKE ALL'] }
    const { file, report } = imported(inventoryOf({ vars }))
    expect(file.clusters?.[0]?.privileges?.[0]).toEqual({
      to: 'dbrole_offline',
      on: 'tables',
      grant: ['SELECT', 'INSERT'],
    })
    expect(fateOf(report, 'all.children.pg-main.vars.pg_default_privileges[1]')).toContain('not of the form')
  })
})

function databaseOf(database: object) {
  return importedCluster({ vars: { pg_users: [{ name: 'app' }], pg_databases: [database] } }).databases?.[0]
}

import { describe, expect, it } from 'vitest'
import type { ClusterSpec } from '../../shared/domain/spec.ts'
import { checkExtensions, extensionSettings, preloads } from './check-extensions.ts'
import { EXTENSIONS } from './extension-catalogue.ts'
import { extensionHint, findExtension } from './extensions.ts'
import { clusterPackages } from './packages.ts'
import { testingCluster, testingInput } from './render/testing-input.ts'

const { spec } = testingInput()

/** A cluster with these extensions, a list for each database. */
function cluster(lists: readonly (readonly string[])[], change: Partial<ClusterSpec> = {}): ClusterSpec {
  const [database] = testingCluster().databases
  const databases = lists.flatMap((names, index) =>
    database === undefined ? [] : [{ ...database, name: `db${index}`, extensions: names.map(name => ({ name })) }],
  )
  return testingCluster({ databases, ...change })
}

function template(...names: readonly string[]): Partial<ClusterSpec> {
  return { template: { schemas: [], extensions: names.map(name => ({ name })) } }
}

describe('the packages of a member', () => {
  it('are those of the extensions, in databases and template alike, and those that the spec names', () => {
    const packages = clusterPackages(
      cluster([['vector', 'postgis_topology'], ['pg_trgm']], {
        ...template('plpython3u'),
        packages: ['wal2json-tools'],
      }),
      17,
    )
    expect(packages).toEqual(
      expect.arrayContaining([
        'postgresql-17-pgvector',
        'postgresql-17-postgis-3',
        'postgresql-plpython3-17',
        'wal2json-tools',
      ]),
    )
    expect(packages.some(name => name.includes('trgm'))).toBe(false)
  })

  it('contain what an extension cannot be without', () => {
    expect(clusterPackages(cluster([['h3_postgis']]), 17)).toEqual(
      expect.arrayContaining(['postgresql-17-h3', 'postgresql-17-postgis-3']),
    )
  })
})

describe('libraries to preload', () => {
  it('are those of the extensions and of what they need, each once', () => {
    expect(preloads(cluster([['powa', 'pgauditlogtofile'], ['pg_stat_kcache']], template('pg_cron')), 17)).toEqual([
      'pg_cron',
      'pg_stat_kcache',
      'pg_stat_statements',
      'pgaudit',
      'pgauditlogtofile',
      'powa',
    ])
  })
})

describe('an extension that lives in one database', () => {
  it('has its home set', () => {
    expect(extensionSettings(cluster([[], ['pg_cron', 'powa']]), 17)).toEqual({
      'cron.database_name': 'db1',
      'powa.database': 'db1',
    })
  })

  it('is refused in two, and in the template, which ends up in many', () => {
    const problems = (wanted: ClusterSpec) => checkExtensions({ spec, cluster: wanted, major: 17 })
    expect(problems(cluster([['pg_cron'], ['pg_cron']]))).toEqual([
      expect.objectContaining({
        code: 'extension-in-several-databases',
        message: expect.stringContaining('database `db0` and database `db1` declare it'),
      }),
    ])
    expect(problems(cluster([[]], template('pg_cron')))).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('the template declares it'),
        path: 'clusters[0].template',
      }),
    ])
    expect(problems(cluster([['pg_cron', 'hstore'], ['hstore']], template('hstore')))).toEqual([])
  })
})

describe('an extension that is not known', () => {
  it('is refused with its place and what was meant', () => {
    expect(checkExtensions({ spec, cluster: cluster([['citext', 'postgiss']]), major: 17 })).toEqual([
      expect.objectContaining({
        code: 'unknown-extension',
        path: 'clusters[0].databases[0].extensions[1]',
        hint: 'Did you mean `postgis`?',
      }),
    ])
    expect(checkExtensions({ spec, cluster: cluster([], template('wal2json')), major: 17 })).toEqual([
      expect.objectContaining({
        path: 'clusters[0].template.extensions[0]',
        hint: expect.stringContaining('packages'),
      }),
    ])
    expect(extensionHint('toString')).toBe('Check the name as `CREATE EXTENSION` takes it.')
  })

  it('may be one of another major', () => {
    const majors = [14, 15, 16, 17, 18]
    const having = (name: string) => majors.filter(major => findExtension(name, major) !== undefined)
    expect(having('adminpack')).toEqual([14, 15, 16])
    expect(having('pg_walinspect')).toEqual([15, 16, 17, 18])
    expect(having('pg_logicalinspect')).toEqual([18])
    expect(having('toString')).toEqual([])
  })
})

describe('the catalogue', () => {
  it('knows whatever its extensions need', () => {
    const needed = Object.values(EXTENSIONS).flatMap(({ requires = [] }) => requires)
    expect(needed.filter(name => !Object.hasOwn(EXTENSIONS, name))).toEqual([])
  })
})

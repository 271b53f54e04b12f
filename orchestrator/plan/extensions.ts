import { didYouMean } from '../../shared/domain/closest-word.ts'

/** How an extension gets onto a host. */
export interface Extension {
  /** Debian package; absent: part of the server package. */
  readonly packageName?: (major: number) => string
  /** Library that must be in shared_preload_libraries. */
  readonly preload?: string
  /** Setting that names the one database it may live in. */
  readonly databaseSetting?: string
  /** Last major that has it. */
  readonly until?: number
}

export function findExtension(name: string, major: number): Extension | undefined {
  const extension = Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name] : undefined
  return extension?.until !== undefined && major > extension.until ? undefined : extension
}

/** Every package that extensions of the catalogue come in, for one major version. */
export function extensionPackages(major: number): readonly string[] {
  const names = Object.keys(CATALOGUE).flatMap(name => findExtension(name, major)?.packageName?.(major) ?? [])
  return [...new Set(names)].sort()
}

/** What to write instead of an extension that is not known. */
export function extensionHint(name: string): string {
  const special = Object.hasOwn(NOT_EXTENSIONS, name) ? NOT_EXTENSIONS[name] : undefined
  return special ?? didYouMean(name, Object.keys(CATALOGUE)) ?? 'Check the name as `CREATE EXTENSION` takes it.'
}

const NOT_EXTENSIONS: Readonly<Record<string, string>> = {
  pgvector: 'Did you mean `vector`? That is what pgvector is called inside PostgreSQL.',
  uuid: 'Did you mean `uuid-ossp`?',
  wal2json: 'wal2json is an output plugin, not an extension: there is nothing to create in a database.',
  auto_explain: 'auto_explain is a library: put it into `parameters.shared_preload_libraries`.',
  timescale: 'Did you mean `timescaledb`?',
}

const CONTRIB =
  'amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2'

/** `postgresql-17-<suffix>`, as Debian and PostgreSQL's own repository name them. */
function debian(suffix: string, more: Omit<Extension, 'packageName'> = {}): Extension {
  return { packageName: major => `postgresql-${major}-${suffix}`, ...more }
}

const CATALOGUE: Readonly<Record<string, Extension>> = {
  ...Object.fromEntries(CONTRIB.split(' ').map(name => [name, {}])),
  adminpack: { until: 16 },
  old_snapshot: { until: 16 },
  address_standardizer: debian('postgis-3'),
  age: debian('age', { preload: 'age' }),
  credcheck: debian('credcheck', { preload: 'credcheck' }),
  debversion: debian('debversion'),
  first_last_agg: debian('first-last-agg'),
  h3: debian('h3'),
  hll: debian('hll'),
  http: debian('http'),
  hypopg: debian('hypopg'),
  icu_ext: debian('icu-ext'),
  ip4r: debian('ip4r'),
  jsquery: debian('jsquery'),
  mysql_fdw: debian('mysql-fdw'),
  ogr_fdw: debian('ogr-fdw'),
  orafce: debian('orafce'),
  periods: debian('periods'),
  pg_cron: debian('cron', { preload: 'pg_cron', databaseSetting: 'cron.database_name' }),
  pg_dirtyread: debian('dirtyread'),
  pg_hint_plan: debian('pg-hint-plan', { preload: 'pg_hint_plan' }),
  pg_partman: debian('partman'),
  pg_permissions: debian('pg-permissions'),
  pg_qualstats: debian('pg-qualstats', { preload: 'pg_qualstats' }),
  pg_repack: debian('repack'),
  pg_show_plans: debian('show-plans', { preload: 'pg_show_plans' }),
  pg_similarity: debian('similarity'),
  pg_squeeze: debian('squeeze', { preload: 'pg_squeeze' }),
  pg_stat_kcache: debian('pg-stat-kcache', { preload: 'pg_stat_kcache' }),
  pg_wait_sampling: debian('pg-wait-sampling', { preload: 'pg_wait_sampling' }),
  pgaudit: debian('pgaudit', { preload: 'pgaudit' }),
  pgfincore: debian('pgfincore'),
  pglogical: debian('pglogical', { preload: 'pglogical' }),
  pgmp: debian('pgmp'),
  pgrouting: debian('pgrouting'),
  pgtap: debian('pgtap'),
  plpgsql_check: debian('plpgsql-check'),
  plproxy: debian('plproxy'),
  plr: debian('plr'),
  pointcloud: debian('pointcloud'),
  postgis: debian('postgis-3'),
  postgis_raster: debian('postgis-3'),
  postgis_tiger_geocoder: debian('postgis-3'),
  postgis_topology: debian('postgis-3'),
  prefix: debian('prefix'),
  q3c: debian('q3c'),
  rdkit: debian('rdkit'),
  roaringbitmap: debian('roaringbitmap'),
  rum: debian('rum'),
  semver: debian('semver'),
  set_user: debian('set-user', { preload: 'set_user' }),
  tdigest: debian('tdigest'),
  tds_fdw: debian('tds-fdw'),
  timescaledb: debian('timescaledb', { preload: 'timescaledb' }),
  unit: debian('unit'),
  vector: debian('pgvector'),
}

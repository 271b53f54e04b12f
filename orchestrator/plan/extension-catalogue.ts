/** How an extension gets onto a host. */
export interface Extension {
  /** Debian package; absent: part of the server package. */
  readonly packageName?: (major: number) => string
  /** Library that must be in shared_preload_libraries. */
  readonly preload?: string
  /** Setting that names the one database it may live in. */
  readonly databaseSetting?: string
  /** Extensions that it cannot be without and whose package or library Debian's dependencies do not bring. */
  readonly requires?: readonly string[]
  /** First and last major that has it. */
  readonly since?: number
  readonly until?: number
}

type More = Omit<Extension, 'packageName'>

/** `postgresql-17-<suffix>`, as Debian and PostgreSQL's own repository name them. */
function debian(suffix: string, more: More = {}): Extension {
  return { packageName: major => `postgresql-${major}-${suffix}`, ...more }
}

/** `postgresql-<language>-17`. */
function language(name: string): Extension {
  return { packageName: major => `postgresql-${name}-${major}` }
}

/** Comes with the server. */
const CONTRIB =
  'amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_surgery pg_trgm pg_visibility pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2'

/** What a package of the same name brings, `_` being `-` there. */
const NAMED_LIKE_THEIR_PACKAGE =
  'asn1oid debversion decoderbufs extra_window_functions first_last_agg h3 hll http hypopg icu_ext ip4r jsquery mimeo mysql_fdw numeral ogr_fdw orafce periods pg_fact_loader pg_permissions pg_rrule pg_track_settings pgfaceting pgfincore pgl_ddl_deploy pgmp pgpcre pgrouting pgtap pgtt pllua plpgsql_check plprofiler plproxy plr plsh pointcloud prefix prioritize q3c rdkit roaringbitmap rum semver tdigest tds_fdw toastinfo unit'

/** The same, and the library of the same name must be loaded when the server starts. */
const PRELOADED =
  'age credcheck pg_hint_plan pg_qualstats pg_wait_sampling pgaudit pglogical pgmemcache pgnodemx set_user timescaledb'

/** By its name in CREATE EXTENSION: everything that Debian 12 and 13 package for PostgreSQL 15 and 17. */
export const EXTENSIONS: Readonly<Record<string, Extension>> = {
  ...Object.fromEntries(CONTRIB.split(' ').map(name => [name, {}])),
  ...Object.fromEntries(NAMED_LIKE_THEIR_PACKAGE.split(' ').map(name => [name, debian(suffixOf(name))])),
  ...Object.fromEntries(PRELOADED.split(' ').map(name => [name, debian(suffixOf(name), { preload: name })])),
  adminpack: { until: 16 },
  old_snapshot: { until: 16 },
  pg_logicalinspect: { since: 18 },
  pg_stat_statements: { preload: 'pg_stat_statements' },
  pg_walinspect: { since: 15 },

  ...shared(
    ['plperl', 'plperlu', 'bool_plperl', 'bool_plperlu', 'hstore_plperl', 'hstore_plperlu'],
    language('plperl'),
  ),
  ...shared(['jsonb_plperl', 'jsonb_plperlu'], language('plperl')),
  ...shared(['plpython3u', 'hstore_plpython3u', 'jsonb_plpython3u', 'ltree_plpython3u'], language('plpython3')),
  ...shared(['pltcl', 'pltclu'], language('pltcl')),
  ...shared(['plluau', 'hstore_pllua', 'hstore_plluau'], debian('pllua')),

  ...shared(['postgis', 'postgis_raster', 'postgis_sfcgal', 'postgis_tiger_geocoder'], debian('postgis-3')),
  ...shared(['postgis_topology', 'address_standardizer', 'address_standardizer_data_us'], debian('postgis-3')),
  h3_postgis: debian('h3', { requires: ['postgis_raster'] }),
  mobilitydb: debian('mobilitydb', { preload: 'postgis-3' }),
  pointcloud_postgis: debian('pointcloud', { requires: ['postgis'] }),

  londiste: debian('londiste-sql'),
  omnidb_plpgsql_debugger: debian('omnidb', { preload: 'omnidb_plpgsql_debugger' }),
  pg_cron: debian('cron', { preload: 'pg_cron', databaseSetting: 'cron.database_name' }),
  pg_dirtyread: debian('dirtyread'),
  pg_partman: debian('partman'),
  pg_proctab: debian('pgnodemx', { preload: 'pgnodemx' }),
  pg_rational: debian('rational'),
  pg_repack: debian('repack'),
  pg_show_plans: debian('show-plans', { preload: 'pg_show_plans' }),
  pg_similarity: debian('similarity'),
  pg_snakeoil: debian('snakeoil'),
  pg_sphere: debian('pgsphere'),
  pg_squeeze: debian('squeeze', { preload: 'pg_squeeze' }),
  pg_stat_kcache: debian('pg-stat-kcache', { preload: 'pg_stat_kcache', requires: ['pg_stat_statements'] }),
  pg_statviz: debian('statviz'),
  pgagent: { packageName: () => 'pgagent' },
  pgauditlogtofile: debian('pgauditlogtofile', { preload: 'pgauditlogtofile', requires: ['pgaudit'] }),
  pgcmp: { packageName: () => 'postgresql-comparator' },
  pglogical_ticker: debian('pglogical-ticker', { preload: 'pglogical_ticker', requires: ['pglogical'] }),
  pglogical_origin: debian('pglogical', { preload: 'pglogical' }),
  ...shared(['pgpool_adm', 'pgpool_recovery', 'pgpool_regclass'], debian('pgpool2')),
  pgq: debian('pgq3'),
  pgq_node: debian('pgq-node'),
  pldbgapi: debian('pldebugger', { preload: 'plugin_debugger' }),
  powa: debian('powa', { preload: 'powa', databaseSetting: 'powa.database', requires: ['pg_stat_statements'] }),
  pre_prepare: debian('preprepare'),
  table_log: debian('tablelog'),
  vector: debian('pgvector'),
}

/** What people look for in the catalogue and do not find there, and what to do instead. */
export const NOT_EXTENSIONS: Readonly<Record<string, string>> = {
  auto_explain: 'auto_explain is a library: put it into `parameters.shared_preload_libraries`.',
  bgw_replstatus: 'bgw_replstatus is a library; HAProxy asks Patroni for the role of a member.',
  passwordcheck: 'passwordcheck is a library: put it into `parameters.shared_preload_libraries`.',
  pg_auto_failover: 'Patroni decides about failover; another manager beside it would lose data.',
  pgautofailover: 'Patroni decides about failover; another manager beside it would lose data.',
  pgvector: 'Did you mean `vector`? That is what pgvector is called inside PostgreSQL.',
  repmgr: 'Patroni decides about failover; another manager beside it would lose data.',
  timescale: 'Did you mean `timescaledb`?',
  uuid: 'Did you mean `uuid-ossp`?',
  wal2json: 'wal2json is an output plugin, not an extension: name its package under `packages`.',
}

function suffixOf(name: string): string {
  return name.replaceAll('_', '-')
}

function shared(names: readonly string[], extension: Extension): Readonly<Record<string, Extension>> {
  return Object.fromEntries(names.map(name => [name, extension]))
}

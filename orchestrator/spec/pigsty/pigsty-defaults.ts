import type { Table } from './values.ts'

/**
 * What Pigsty 4 does where an inventory says nothing, as far as clients can notice: roles and privileges that applications are
 * granted, schemas and extensions of every database, and who may log in from where. Source: the defaults of its PGSQL and NODE roles.
 */
export const PIGSTY_DEFAULTS: Table = {
  pg_version: 18,
  pg_conf: 'oltp.yml',
  pg_rto: 'norm',
  pg_rpo: 1048576,
  pg_libs: 'pg_stat_statements, auto_explain',
  pg_packages: ['pgsql-main pgsql-common'],
  pg_encoding: 'UTF8',
  pg_locale: 'C',
  pg_admin_username: 'dbuser_dba',
  pg_monitor_username: 'dbuser_monitor',
  pg_replication_username: 'replicator',
  pg_dbsu: 'postgres',
  pg_pwd_enc: 'scram-sha-256',
  pg_default_service_dest: 'pgbouncer',
  node_firewall_intranet: ['10.0.0.0/8', '192.168.0.0/16', '172.16.0.0/12'],
  pg_default_schemas: ['monitor'],
  pg_default_roles: [
    { name: 'dbrole_readonly', login: false, comment: 'read-only access to everything' },
    { name: 'dbrole_offline', login: false, comment: 'read-only access for offline work' },
    { name: 'dbrole_readwrite', login: false, roles: ['dbrole_readonly'], comment: 'read-write access to everything' },
    { name: 'dbrole_admin', login: false, roles: ['pg_monitor', 'dbrole_readwrite'], comment: 'creation of objects' },
    {
      name: 'dbuser_dba',
      superuser: true,
      roles: ['dbrole_admin'],
      pgbouncer: true,
      pool_mode: 'session',
      pool_connlimit: 16,
      comment: 'administrator',
    },
    {
      name: 'dbuser_monitor',
      roles: ['pg_monitor', 'dbrole_readonly'],
      pgbouncer: true,
      parameters: { log_min_duration_statement: 1000 },
      pool_mode: 'session',
      pool_connlimit: 8,
      comment: 'monitoring',
    },
  ],
  pg_default_privileges: [
    ...['dbrole_readonly', 'dbrole_offline'].flatMap(role => [
      `GRANT USAGE ON SCHEMAS TO ${role}`,
      `GRANT SELECT ON TABLES TO ${role}`,
      `GRANT SELECT ON SEQUENCES TO ${role}`,
      `GRANT EXECUTE ON FUNCTIONS TO ${role}`,
    ]),
    ...['INSERT', 'UPDATE', 'DELETE'].map(verb => `GRANT ${verb} ON TABLES TO dbrole_readwrite`),
    ...['USAGE', 'UPDATE'].map(verb => `GRANT ${verb} ON SEQUENCES TO dbrole_readwrite`),
    ...['TRUNCATE', 'REFERENCES', 'TRIGGER'].map(verb => `GRANT ${verb} ON TABLES TO dbrole_admin`),
    'GRANT CREATE ON SCHEMAS TO dbrole_admin',
  ],
  pg_default_extensions: [
    ...'pg_stat_statements pgstattuple pg_buffercache pageinspect pg_prewarm pg_visibility pg_freespacemap'
      .split(' ')
      .map(name => ({ name, schema: 'monitor' })),
    ...'postgres_fdw file_fdw btree_gist btree_gin pg_trgm intagg intarray'
      .split(' ')
      .map(name => ({ name, schema: 'public' })),
    { name: 'pg_repack' },
  ],
  pg_default_hba_rules: [
    {
      user: '${monitor}',
      db: 'all',
      addr: 'localhost',
      auth: 'pwd',
      order: 350,
      title: 'monitor from the host itself',
    },
    { user: '${monitor}', db: 'all', addr: 'infra', auth: 'pwd', order: 400, title: 'monitor from infra hosts' },
    { user: '${admin}', db: 'all', addr: 'intra', auth: 'pwd', order: 450, title: 'admin from the intranet' },
    { user: '${admin}', db: 'all', addr: 'world', auth: 'ssl', order: 500, title: 'admin from anywhere over TLS' },
    {
      user: '+dbrole_readonly',
      db: 'all',
      addr: 'localhost',
      auth: 'pwd',
      order: 550,
      title: 'users behind the pooler',
    },
    { user: '+dbrole_readonly', db: 'all', addr: 'intra', auth: 'pwd', order: 600, title: 'users from the intranet' },
    { user: '+dbrole_offline', db: 'all', addr: 'intra', auth: 'pwd', order: 650, title: 'offline users, intranet' },
  ],
  pgb_default_hba_rules: [
    { user: 'all', db: 'all', addr: 'localhost', auth: 'pwd', order: 150, title: 'users from the host itself' },
    { user: '${monitor}', db: 'all', addr: 'world', auth: 'deny', order: 250, title: 'no monitor from elsewhere' },
    { user: '${admin}', db: 'all', addr: 'intra', auth: 'pwd', order: 300, title: 'admin from the intranet' },
    { user: '${admin}', db: 'all', addr: 'world', auth: 'deny', order: 350, title: 'no admin from elsewhere' },
    { user: 'all', db: 'all', addr: 'intra', auth: 'pwd', order: 400, title: 'users from the intranet' },
  ],
}

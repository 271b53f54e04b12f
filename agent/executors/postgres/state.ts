/** What a PostgreSQL server has of what can be provisioned, as {@link CLUSTER_STATE_SQL} reads it. */
export interface ClusterState {
  readonly inRecovery: boolean
  readonly versionNumber: number
  readonly roles: readonly RoleState[]
  readonly databases: readonly DatabaseState[]
}

export interface RoleState {
  readonly name: string
  readonly login: boolean
  readonly superuser: boolean
  readonly createdb: boolean
  readonly createrole: boolean
  readonly replication: boolean
  readonly bypassrls: boolean
  readonly connectionLimit: number
  readonly verifier: string | null
  readonly memberOf: readonly string[]
  /** `name=value`. */
  readonly settings: readonly string[]
  readonly comment: string | null
}

export interface DatabaseState {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly connectionLimit: number
  readonly settings: readonly string[]
  readonly comment: string | null
}

/** One database from inside, as {@link DATABASE_STATE_SQL} reads it. */
export interface DatabaseContent {
  readonly schemas: readonly { readonly name: string; readonly owner: string }[]
  readonly extensions: readonly { readonly name: string; readonly schema: string; readonly version: string }[]
}

export const EMPTY_DATABASE: DatabaseContent = { schemas: [], extensions: [] }

export const CLUSTER_STATE_SQL = `
SELECT json_build_object(
  'inRecovery', pg_is_in_recovery(),
  'versionNumber', current_setting('server_version_num')::int,
  'roles', (SELECT coalesce(json_agg(json_build_object(
      'name', r.rolname, 'login', r.rolcanlogin, 'superuser', r.rolsuper, 'createdb', r.rolcreatedb,
      'createrole', r.rolcreaterole, 'replication', r.rolreplication, 'bypassrls', r.rolbypassrls,
      'connectionLimit', r.rolconnlimit, 'verifier', r.rolpassword,
      'memberOf', (SELECT coalesce(json_agg(DISTINCT g.rolname), '[]') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid),
      'settings', (SELECT coalesce(to_json(s.setconfig), '[]') FROM (SELECT 1) one LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0),
      'comment', shobj_description(r.oid, 'pg_authid'))), '[]') FROM pg_authid r),
  'databases', (SELECT coalesce(json_agg(json_build_object(
      'name', d.datname, 'owner', pg_get_userbyid(d.datdba), 'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate,
      'connectionLimit', d.datconnlimit,
      'settings', (SELECT coalesce(to_json(s.setconfig), '[]') FROM (SELECT 1) one LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0),
      'comment', shobj_description(d.oid, 'pg_database'))), '[]') FROM pg_database d)
);`

export const DATABASE_STATE_SQL = `
SELECT json_build_object(
  'schemas', (SELECT coalesce(json_agg(json_build_object('name', nspname, 'owner', pg_get_userbyid(nspowner))), '[]') FROM pg_namespace),
  'extensions', (SELECT coalesce(json_agg(json_build_object('name', e.extname, 'schema', n.nspname, 'version', e.extversion)), '[]')
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace)
);`

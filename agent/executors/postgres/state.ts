/** What a PostgreSQL server has of what can be provisioned, as {@link CLUSTER_STATE_SQL} reads it. */
export interface ClusterState {
  readonly inRecovery: boolean
  /** `server_version_num`: 170012 is 17.12. */
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
  readonly inherit: boolean
  readonly replication: boolean
  readonly bypassrls: boolean
  readonly connectionLimit: number
  /** Unix milliseconds; null: for ever. */
  readonly validUntil: number | null
  readonly verifier: string | null
  readonly memberOf: readonly MembershipState[]
  /** `name=value`. */
  readonly settings: readonly string[]
  readonly comment: string | null
}

export interface MembershipState {
  readonly role: string
  readonly admin: boolean
  /** Null before PostgreSQL 16. */
  readonly inherit: boolean | null
  readonly set: boolean | null
}

export interface DatabaseState {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  readonly localeProvider: 'libc' | 'icu' | 'builtin'
  /** Of ICU and of PostgreSQL itself; null for the C library's. */
  readonly providerLocale: string | null
  readonly icuRules: string | null
  readonly tablespace: string
  readonly isTemplate: boolean
  readonly allowConnections: boolean
  readonly publicMayConnect: boolean
  readonly connectionLimit: number
  readonly settings: readonly string[]
  readonly comment: string | null
}

/** One database from inside, as {@link DATABASE_STATE_SQL} reads it. */
export interface DatabaseContent {
  readonly schemas: readonly { readonly name: string; readonly owner: string }[]
  readonly extensions: readonly { readonly name: string; readonly schema: string; readonly version: string }[]
  readonly privileges: readonly PrivilegeState[]
}

export interface PrivilegeState {
  readonly for: string
  /** Null: in every schema. */
  readonly schema: string | null
  readonly on: string
  readonly to: string
  readonly privilege: string
}

export const EMPTY_DATABASE: DatabaseContent = {
  schemas: [{ name: 'public', owner: 'pg_database_owner' }],
  extensions: [],
  privileges: [],
}

/**
 * Columns that not every major has are read out of the row as JSON. From PostgreSQL 16 a membership can be granted by
 * several roles: only the grant of the bootstrap superuser counts, since that is the one that a superuser can change.
 */
export const CLUSTER_STATE_SQL = `
SELECT json_build_object(
  'inRecovery', pg_is_in_recovery(),
  'versionNumber', current_setting('server_version_num')::int,
  'roles', (SELECT coalesce(json_agg(json_build_object(
      'name', r.rolname, 'login', r.rolcanlogin, 'superuser', r.rolsuper, 'createdb', r.rolcreatedb,
      'createrole', r.rolcreaterole, 'inherit', r.rolinherit, 'replication', r.rolreplication, 'bypassrls', r.rolbypassrls,
      'connectionLimit', r.rolconnlimit, 'verifier', r.rolpassword,
      'validUntil', CASE WHEN isfinite(r.rolvaliduntil) THEN (extract(epoch FROM r.rolvaliduntil) * 1000)::bigint END,
      'memberOf', (SELECT coalesce(json_agg(json_build_object('role', g.rolname, 'admin', m.admin_option,
          'inherit', (to_jsonb(m) ->> 'inherit_option')::boolean, 'set', (to_jsonb(m) ->> 'set_option')::boolean)), '[]')
        FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid AND (m.grantor = 10 OR current_setting('server_version_num')::int < 160000)),
      'settings', (SELECT coalesce(to_json(s.setconfig), '[]') FROM (SELECT 1) one LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0),
      'comment', shobj_description(r.oid, 'pg_authid'))), '[]') FROM pg_authid r),
  'databases', (SELECT coalesce(json_agg(json_build_object(
      'name', d.datname, 'owner', pg_get_userbyid(d.datdba), 'encoding', pg_encoding_to_char(d.encoding),
      'collate', d.datcollate, 'ctype', d.datctype,
      'localeProvider', CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
      'providerLocale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
      'icuRules', to_jsonb(d) ->> 'daticurules',
      'tablespace', t.spcname, 'isTemplate', d.datistemplate, 'allowConnections', d.datallowconn,
      'publicMayConnect', EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT'),
      'connectionLimit', d.datconnlimit,
      'settings', (SELECT coalesce(to_json(s.setconfig), '[]') FROM (SELECT 1) one LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0),
      'comment', shobj_description(d.oid, 'pg_database'))), '[]') FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace)
);`

export const DATABASE_STATE_SQL = `
SELECT json_build_object(
  'schemas', (SELECT coalesce(json_agg(json_build_object('name', nspname, 'owner', pg_get_userbyid(nspowner))), '[]') FROM pg_namespace
     WHERE nspname !~ '^pg_(toast_)?temp_'),
  'extensions', (SELECT coalesce(json_agg(json_build_object('name', e.extname, 'schema', n.nspname, 'version', e.extversion)), '[]')
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace),
  'privileges', (SELECT coalesce(json_agg(json_build_object('for', pg_get_userbyid(d.defaclrole), 'schema', n.nspname,
      'on', CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' END,
      'to', CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END, 'privilege', a.privilege_type)), '[]')
     FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace CROSS JOIN LATERAL aclexplode(d.defaclacl) a)
);`

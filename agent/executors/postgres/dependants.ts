import { quoteLiteral } from './quote.ts'

/** As many as are told by name. */
const TOLD = 5

/** What a role is in use for; null: there is none. */
export interface RoleUse {
  readonly login: boolean
  /** `database app`, `3 objects in database app`. */
  readonly owns: readonly string[]
  /** Where it has privileges or policies. */
  readonly databases: readonly { readonly name: string; readonly open: boolean }[]
}

/** Default privileges of a role are its own settings, not data. */
export function roleUseSql(name: string): string {
  return `
WITH me AS (SELECT oid, rolcanlogin FROM pg_roles WHERE rolname = ${quoteLiteral(name)}),
used AS (SELECT * FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = (SELECT oid FROM me)),
owned AS (SELECT * FROM used WHERE deptype = 'o' AND classid <> 'pg_default_acl'::regclass),
owns AS (
  SELECT format('database %s', d.datname) AS what FROM owned o JOIN pg_database d ON d.oid = o.objid WHERE o.classid = 'pg_database'::regclass
  UNION ALL SELECT format('tablespace %s', t.spcname) FROM owned o JOIN pg_tablespace t ON t.oid = o.objid WHERE o.classid = 'pg_tablespace'::regclass
  UNION ALL SELECT format('%s in database %s', CASE count(*) WHEN 1 THEN 'an object' ELSE count(*) || ' objects' END, d.datname)
    FROM owned o JOIN pg_database d ON d.oid = o.dbid GROUP BY d.datname)
SELECT coalesce((SELECT json_build_object(
  'login', rolcanlogin,
  'owns', (SELECT coalesce(json_agg(what ORDER BY what), '[]') FROM owns),
  'databases', (SELECT coalesce(json_agg(json_build_object('name', datname, 'open', datallowconn) ORDER BY datname), '[]')
    FROM pg_database WHERE oid IN (SELECT dbid FROM used))) FROM me), 'null');`
}

/** What outside of a schema needs something in it: views, foreign keys, defaults, functions. A JSON list. */
export function dependantsOfSchema(name: string): string {
  return `
WITH schema AS (SELECT oid FROM pg_namespace WHERE nspname = ${quoteLiteral(name)}),
inside AS (SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = (SELECT oid FROM schema)),
dependants AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid FROM pg_depend d JOIN inside i ON i.classid = d.refclassid AND i.objid = d.refobjid WHERE d.deptype = 'n'),
homes AS (
  SELECT *, CASE classid
      WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class WHERE oid = objid)
      WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc WHERE oid = objid)
      WHEN 'pg_type'::regclass THEN (SELECT typnamespace FROM pg_type WHERE oid = objid)
      WHEN 'pg_constraint'::regclass THEN (SELECT connamespace FROM pg_constraint WHERE oid = objid)
      WHEN 'pg_operator'::regclass THEN (SELECT oprnamespace FROM pg_operator WHERE oid = objid)
      WHEN 'pg_opclass'::regclass THEN (SELECT opcnamespace FROM pg_opclass WHERE oid = objid)
      WHEN 'pg_opfamily'::regclass THEN (SELECT opfnamespace FROM pg_opfamily WHERE oid = objid)
      WHEN 'pg_rewrite'::regclass THEN (SELECT c.relnamespace FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.oid = objid)
      WHEN 'pg_attrdef'::regclass THEN (SELECT c.relnamespace FROM pg_attrdef a JOIN pg_class c ON c.oid = a.adrelid WHERE a.oid = objid)
      WHEN 'pg_trigger'::regclass THEN (SELECT c.relnamespace FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.oid = objid)
      WHEN 'pg_policy'::regclass THEN (SELECT c.relnamespace FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.oid = objid)
    END AS home
  FROM dependants)
SELECT coalesce(json_agg(what), '[]') FROM (
  SELECT pg_describe_object(classid, objid, objsubid) AS what FROM homes WHERE home IS DISTINCT FROM (SELECT oid FROM schema) ORDER BY 1 LIMIT ${TOLD}) told;`
}

/** What needs something that an extension has made, and is not the extension's own. A JSON list. */
export function dependantsOfExtension(name: string): string {
  return `
WITH members AS (
  SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  WHERE d.deptype = 'e' AND e.extname = ${quoteLiteral(name)}),
dependants AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid,
    CASE d.classid
      WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = d.objid)
      WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef WHERE oid = d.objid)
      WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = d.objid)
      WHEN 'pg_constraint'::regclass THEN (SELECT coalesce(nullif(conrelid, 0), contypid) FROM pg_constraint WHERE oid = d.objid)
      WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = d.objid)
      ELSE d.objid END AS owner
  FROM pg_depend d JOIN members m ON m.classid = d.refclassid AND m.objid = d.refobjid WHERE d.deptype = 'n')
SELECT coalesce(json_agg(what), '[]') FROM (
  SELECT pg_describe_object(classid, objid, objsubid) AS what FROM dependants
  WHERE NOT EXISTS (SELECT FROM members m WHERE m.objid IN (dependants.objid, dependants.owner))
    AND NOT EXISTS (SELECT FROM pg_depend x JOIN members m ON m.classid = x.refclassid AND m.objid = x.refobjid
      WHERE x.classid = dependants.classid AND x.objid = dependants.objid AND x.deptype IN ('i', 'a'))
  ORDER BY 1 LIMIT ${TOLD}) told;`
}

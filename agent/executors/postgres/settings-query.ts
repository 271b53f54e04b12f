/**
 * SQL expression: every setting that is written somewhere, as JSON. psql's variable `names` is a JSON array of the names, in small letters, that Patroni
 * wants. What a session has set for itself counts as what it would reset it to. PostgreSQL takes the last line that names a setting. Of a
 * line that only waits for a restart it says "could not be applied" as well.
 */
export const SETTINGS_SQL = `(
  WITH file AS (
    SELECT DISTINCT ON (lower(name)) lower(name) AS name, setting, error, CASE
      WHEN sourcefile LIKE '%/postgresql.auto.conf' THEN 'alter-system' WHEN sourcefile LIKE '%/postgresql.conf' THEN 'patroni' ELSE 'other'
    END AS place
    FROM pg_file_settings WHERE name IS NOT NULL ORDER BY lower(name), seqno DESC
  ), known AS (
    SELECT s.*, lower(s.name) AS key FROM pg_settings s
  ), every AS (
    SELECT name FROM file UNION SELECT json_array_elements_text(:'names'::json) UNION SELECT key FROM known WHERE pending_restart
  )
  SELECT json_agg(json_strip_nulls(json_build_object(
    'name', every.name, 'running', known.reset_val,
    'shown', CASE WHEN known.setting = known.reset_val THEN current_setting(known.name) ELSE known.reset_val END, 'unit', known.unit,
    'type', known.vartype, 'file', file.setting, 'from', file.place, 'pending', coalesce(known.pending_restart, false),
    'refused', CASE WHEN NOT coalesce(known.pending_restart, false) THEN file.error END)) ORDER BY every.name)
  FROM every LEFT JOIN file USING (name) LEFT JOIN known ON known.key = every.name
  WHERE every.name <> 'primary_conninfo')`

/** psql's `\\set` of that variable. */
export function wantedNames(parameters: Readonly<Record<string, unknown>>): string {
  const names = JSON.stringify(Object.keys(parameters).map(name => name.toLowerCase()))
  return `\\set names '${names.replaceAll("'", "''")}'\n`
}

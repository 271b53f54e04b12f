import type { CollationVersions } from '../../shared/domain/upgrade-look.ts'
import { COLLATIONS_SQL } from './postgres/collations-sql.ts'

/** What the SQL below answers. */
export interface Trial {
  readonly serverVersion: string
  readonly extensions: Readonly<Record<string, string>>
  readonly available: Readonly<Record<string, string>>
  readonly collations: CollationVersions
  /** Libraries that do not load, extensions that cannot be created. */
  readonly trouble: readonly string[]
}

/** Many libraries may only be loaded when the server starts, and say so: that they can be read is what is asked here. */
const UNREADABLE = 'could not load library|could not access file|incompatible library|undefined symbol'

/** Loads every library, makes every extension and a table, and answers a {@link Trial} as JSON. */
export function trialSql({
  libraries,
  extensions,
}: {
  readonly libraries: readonly string[]
  readonly extensions: readonly string[]
}): string {
  return `CREATE TEMP TABLE trouble (number serial, text text);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ${array(libraries)} LOOP
    BEGIN
      EXECUTE format('LOAD %L', name);
    EXCEPTION WHEN OTHERS THEN
      IF SQLERRM ~ '${UNREADABLE}' THEN INSERT INTO trouble (text) VALUES (SQLERRM); END IF;
    END;
  END LOOP;
  FOREACH name IN ARRAY ${array(extensions)} LOOP
    BEGIN
      EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', name);
    EXCEPTION WHEN OTHERS THEN
      INSERT INTO trouble (text) VALUES ('extension ' || name || ': ' || SQLERRM);
    END;
  END LOOP;
END $$;
CREATE TABLE trial AS SELECT number, md5(number::text) AS text FROM generate_series(1, 1000) AS number;
CREATE INDEX ON trial (text);
CHECKPOINT;
SELECT json_build_object(
  'serverVersion', substring(current_setting('server_version') from '^[0-9.]+'),
  'extensions', (SELECT coalesce(json_object_agg(extname, extversion), '{}') FROM pg_extension WHERE extname <> 'plpgsql'),
  'available', (SELECT coalesce(json_object_agg(name, default_version), '{}') FROM pg_available_extensions),
  'collations', ${COLLATIONS_SQL},
  'trouble', (SELECT coalesce(json_agg(text ORDER BY number), '[]') FROM trouble));
`
}

function array(names: readonly string[]): string {
  return `ARRAY[${names.map(name => `'${name.replaceAll("'", "''")}'`).join(', ')}]::text[]`
}

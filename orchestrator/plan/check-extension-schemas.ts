import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { clusterPlace, failure } from './problems.ts'

/**
 * Extensions that CREATE EXTENSION puts nowhere else: their control files name a schema and are not relocatable. From the packages
 * of Debian and PostgreSQL's own; pg_cron from 1.5.
 */
const FIXED: Readonly<Record<string, string>> = {
  ...inSchema('pg_catalog', 'adminpack londiste pg_cron pgq pgq_node plperl plperlu plpgsql plpython3u pltcl pltclu'),
  ...inSchema('pglogical', 'pglogical'),
  ...inSchema('pglogical_origin', 'pglogical_origin'),
  ...inSchema('pgagent', 'pgagent'),
  ...inSchema('public', 'powa'),
  ...inSchema('tiger', 'postgis_tiger_geocoder'),
  ...inSchema('topology', 'postgis_topology'),
}

/** Where an extension lives, if it can live nowhere else. */
export function fixedSchemaOf(name: string): string | undefined {
  return Object.hasOwn(FIXED, name) ? FIXED[name] : undefined
}

/** PostgreSQL would refuse them, in the middle of an apply. */
export function checkExtensionSchemas(spec: FleetSpec, cluster: ClusterSpec): readonly Problem[] {
  const homes = [
    ...cluster.databases.map(({ name, extensions }, index) => ({
      name: `database \`${name}\``,
      path: `databases[${index}]`,
      extensions,
    })),
    { name: 'the template', path: 'template', extensions: cluster.template.extensions },
  ]
  return homes.flatMap(home =>
    home.extensions.flatMap(({ name, schema }, index) => {
      const fixed = fixedSchemaOf(name)
      if (fixed === undefined || schema === undefined || schema === fixed) return []
      return [
        failure({
          code: 'extension-schema-fixed',
          message: `extension \`${name}\` of ${home.name} in cluster ${cluster.name} cannot live in schema \`${schema}\`: PostgreSQL puts it into \`${fixed}\` only`,
          hint: 'Leave `schema` out.',
          ...clusterPlace(spec, cluster, `${home.path}.extensions[${index}].schema`),
        }),
      ]
    }),
  )
}

function inSchema(schema: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map(name => [name, schema]))
}

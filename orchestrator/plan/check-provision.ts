import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, DatabaseSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { clusterPlace, failure, warning } from './problems.ts'

interface Input {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
  /** The cluster as it was last applied; absent before. */
  readonly applied?: ClusterSpec | undefined
}

/**
 * What roles and databases ask of a PostgreSQL that cannot do it. The version may come from the nodes' OS, so the file
 * alone does not tell; found out here, nothing has been made yet.
 */
export function checkProvision(input: Input): readonly Problem[] {
  return [
    ...input.cluster.users.flatMap((_, index) => membershipOptions(index, input)),
    ...input.cluster.databases.flatMap((database, index) => [
      ...localeSupport(database, index, input),
      ...changedBaseline(database, index, input),
    ]),
    ...privilegeSupport(input),
  ]
}

/** Harmless without: PostgreSQL 15 and earlier inherit by the member's own attribute, and let every member SET ROLE. */
function membershipOptions(index: number, { spec, cluster, major }: Input): readonly Problem[] {
  const user = cluster.users[index]
  const optional = user?.memberOf.find(({ inherit, set }) => inherit !== undefined || set !== undefined)
  if (user === undefined || optional === undefined || major >= 16) return []
  return [
    warning({
      code: 'membership-options',
      message: `PostgreSQL ${major} knows no \`inherit\` and \`set\` of a membership: user \`${user.name}\` of cluster ${cluster.name} becomes a plain member of \`${optional.role}\``,
      hint: 'Remove them, or use PostgreSQL 16 or later.',
      ...clusterPlace(spec, cluster, `users[${index}].memberOf`),
    }),
  ]
}

function localeSupport(database: DatabaseSpec, index: number, { spec, cluster, major }: Input): readonly Problem[] {
  const needs = [
    { what: 'the locale provider `icu`', since: 15, asked: database.localeProvider === 'icu' },
    { what: '`icuRules`', since: 16, asked: database.icuRules !== undefined },
    { what: 'the locale provider `builtin`', since: 17, asked: database.localeProvider === 'builtin' },
  ]
  return needs
    .filter(({ since, asked }) => asked && major < since)
    .map(({ what, since }) =>
      failure({
        code: 'needs-newer-postgres',
        message: `database \`${database.name}\` asks for ${what}, and cluster ${cluster.name} has PostgreSQL ${major}`,
        hint: `Use PostgreSQL ${since} or later, or another locale provider.`,
        ...clusterPlace(spec, cluster, `databases[${index}]`),
      }),
    )
}

function privilegeSupport({ spec, cluster, major }: Input): readonly Problem[] {
  return cluster.privileges.flatMap(({ grant }, index) =>
    grant.includes('MAINTAIN') && major < 17
      ? [
          failure({
            code: 'needs-newer-postgres',
            message: `default privileges of cluster ${cluster.name} grant MAINTAIN, which PostgreSQL ${major} does not have`,
            hint: 'Use PostgreSQL 17 or later, or remove it.',
            ...clusterPlace(spec, cluster, `privileges[${index}].grant`),
          }),
        ]
      : [],
  )
}

/** Silence would let somebody believe that it runs. */
function changedBaseline(
  { name, baseline }: DatabaseSpec,
  index: number,
  { spec, cluster, applied }: Input,
): readonly Problem[] {
  const before = applied?.databases.find(database => database.name === name)
  if (before === undefined || before.baseline === baseline || baseline === undefined) return []
  return [
    warning({
      code: 'baseline-has-run',
      message: `the baseline of database \`${name}\` in cluster ${cluster.name} is another one now; it ran when the database was made and does not run again`,
      hint: 'Run what is missing with psql.',
      ...clusterPlace(spec, cluster, `databases[${index}].baseline`),
    }),
  ]
}

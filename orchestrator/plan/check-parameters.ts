import { didYouMean } from '../../shared/domain/closest-word.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { checkValue } from './check-value.ts'
import { dangerOf } from './dangerous-parameters.ts'
import { knownParameters } from './parameter-catalogue.ts'
import { settableForRole } from './parameter-contexts.ts'
import { clusterPlace, failure, warning } from './problems.ts'

export interface ParametersInput {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
}

/**
 * What a user's PostgreSQL parameters would break, those of roles and databases included: names that do not exist, those
 * that Drover must own, values that the server refuses, and dangerous ones.
 */
export function checkParameters(input: ParametersInput): readonly Problem[] {
  return parametersOf(input.cluster).flatMap(parameter => checkParameter(parameter, input))
}

export function textOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

interface Parameter {
  readonly name: string
  readonly value: string
  /** Below the cluster in the fleet file. */
  readonly path: string
  /** `cluster pg-main`, `role app of cluster pg-main`. */
  readonly owner: string
  /** Set with ALTER ROLE or ALTER DATABASE. */
  readonly bySession: boolean
}

function parametersOf(cluster: ClusterSpec): readonly Parameter[] {
  const of = (
    parameters: Readonly<Record<string, string | number | boolean>>,
    where: Pick<Parameter, 'path' | 'owner' | 'bySession'>,
  ): readonly Parameter[] =>
    Object.entries(parameters).map(([name, value]) => ({
      ...where,
      name,
      value: textOf(value),
      path: `${where.path}.${name}`,
    }))
  return [
    ...of(cluster.parameters, { path: 'parameters', owner: `cluster ${cluster.name}`, bySession: false }),
    ...cluster.users.flatMap(({ name, parameters }, index) =>
      of(parameters, {
        path: `users[${index}].parameters`,
        owner: `role ${name} of cluster ${cluster.name}`,
        bySession: true,
      }),
    ),
    ...cluster.databases.flatMap(({ name, parameters }, index) =>
      of(parameters, {
        path: `databases[${index}].parameters`,
        owner: `database ${name} of cluster ${cluster.name}`,
        bySession: true,
      }),
    ),
  ]
}

function checkParameter(parameter: Parameter, { spec, cluster, major }: ParametersInput): readonly Problem[] {
  const { name, value, owner, bySession } = parameter
  const key = name.toLowerCase()
  const place = clusterPlace(spec, cluster, parameter.path)
  const owned = ownedBy(key)
  if (owned !== undefined) {
    return [
      failure({
        code: 'owned-parameter',
        message: `parameter \`${name}\` of ${owner} is Drover's to set: ${owned}`,
        hint: 'Remove it.',
        ...place,
      }),
    ]
  }
  const known = knownParameters(major)
  if (!key.includes('.') && !known.includes(key)) {
    return [
      failure({
        code: 'unknown-parameter',
        message: `PostgreSQL ${major} has no parameter \`${name}\`; ${owner} would not ${bySession ? 'be made' : 'start'} with it`,
        hint: didYouMean(name, known) ?? `Remove it, or check the name in the manual of PostgreSQL ${major}.`,
        ...place,
      }),
    ]
  }
  if (bySession && !settableForRole(key)) {
    return [
      failure({
        code: 'parameter-of-server',
        message: `\`${name}\` belongs to the whole server, so PostgreSQL refuses it for ${owner}`,
        hint: `Set it in \`parameters\` of cluster ${cluster.name}, or remove it.`,
        ...place,
      }),
    ]
  }
  const bad = checkValue({ name: key, value, major })
  if (bad !== undefined) {
    return [
      failure({
        code: 'bad-parameter-value',
        message: `${name}: "${value}" ${bad.reason}`,
        hint: bad.hint ?? `Correct it or remove it; ${owner} would not ${bySession ? 'be made' : 'start'} with it.`,
        ...place,
      }),
    ]
  }
  const danger = dangerOf({ name: key, value, cluster })
  if (danger === undefined) return []
  const problem = danger.fatal ? failure : warning
  return [
    problem({
      code: 'dangerous-parameter',
      message: `\`${name} = ${value}\` on ${owner}: ${danger.consequence}`,
      hint: danger.fatal ? 'Remove it.' : 'Remove it unless the data may be lost.',
      ...place,
    }),
  ]
}

const OWNED: ReadonlyMap<string, string> = new Map([
  ['port', 'each cluster has a block of ports'],
  ['listen_addresses', 'the services reach every member by its address'],
  ['cluster_name', 'it is the name of the instance'],
  ['data_directory', 'each instance has its own directory'],
  ['config_file', 'Patroni writes it'],
  ['hba_file', 'write rules under `hba`'],
  ['ident_file', 'Patroni writes it'],
  ['external_pid_file', 'systemd and Patroni track the process'],
  ['include', 'Patroni writes the whole configuration'],
  ['include_dir', 'Patroni writes the whole configuration'],
  ['include_if_exists', 'Patroni writes the whole configuration'],
  ['primary_conninfo', 'Patroni points standbys at the primary'],
  ['primary_slot_name', 'Patroni makes the slots'],
  ['synchronous_standby_names', 'set `durability`'],
  ['hot_standby', 'standbys serve reads and Patroni asks them'],
  ['unix_socket_directories', 'each instance has its own directory'],
  ['unix_socket_group', 'the poolers and the agent use the socket'],
  ['unix_socket_permissions', 'the poolers and the agent use the socket'],
  ['password_encryption', 'passwords are SCRAM-SHA-256 everywhere'],
  ['promote_trigger_file', 'Patroni promotes'],
  ['restore_command', 'Patroni decides where a standby gets its WAL'],
  ['recovery_end_command', 'Patroni controls recovery'],
  ['archive_cleanup_command', 'Patroni controls recovery'],
  [
    'recovery_min_apply_delay',
    'a member that lags on purpose cannot take over; declare a delayed group under `replicas`',
  ],
  ['allow_alter_system', 'Patroni writes the configuration'],
  ['bonjour', 'the services are found by HAProxy'],
  ['restart_after_crash', 'Patroni decides what happens after a crash'],
])

function ownedBy(name: string): string | undefined {
  if (name.startsWith('drover.')) return 'it is how Drover remembers what it is making'
  if (name === 'ssl' || name.startsWith('ssl_')) return 'TLS comes from the fleet CA'
  if (name === 'recovery_target' || name.startsWith('recovery_target_')) return 'Patroni controls recovery'
  return OWNED.get(name)
}

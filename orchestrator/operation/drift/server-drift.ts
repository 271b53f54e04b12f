import type { ClusterDriftItem, DriftRepair } from '../../../shared/domain/cluster-drift.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { ServerSurvey } from '../../../shared/domain/look.ts'
import { compareSettings } from '../settings/compare-settings.ts'
import type { MemberFile } from './expectation.ts'
import { isPrivateSetting } from './private-setting.ts'

const RELOAD: DriftRepair = { by: 'apply', how: 'reload' }

export interface ServerDrift {
  readonly items: readonly ClusterDriftItem[]
  /** What ALTER SYSTEM has set. */
  readonly reset: readonly string[]
}

/** Settings and client authentication of one server, against what its own Patroni has been told. Pure. */
export function serverDrift(given: {
  readonly cluster: string
  readonly instance: InstanceName
  readonly file: MemberFile
  readonly survey: ServerSurvey
}): ServerDrift {
  const settings = settingsDrift(given)
  return { items: [...settings.items, ...hbaDrift(given)], reset: settings.reset }
}

function settingsDrift({ cluster, instance, file, survey }: Parameters<typeof serverDrift>[0]): ServerDrift {
  const wanted = { ...parametersOf(survey.config), ...file.parameters }
  const { pending, differences } = compareSettings(instance, { wanted, settings: survey.settings })
  const system = survey.settings.filter(({ from }) => from === 'alter-system').map(({ name }) => name)
  const undeclared = survey.settings.filter(
    ({ name, from }) => from === 'patroni' && !isWanted(name, wanted) && !PATRONI_ADDS.has(name),
  )
  const named = new Set([...system, ...undeclared.map(({ name }) => name)])
  const item = (name: string, expected: string, found: string, repair: DriftRepair): ClusterDriftItem => {
    const isHidden = isPrivateSetting(name)
    return {
      kind: 'setting',
      name,
      instance,
      expected: isHidden ? 'as applied' : expected,
      found: isHidden ? 'another value' : found,
      repair,
    }
  }
  const valueOf = (name: string): string => valueIn(wanted, name) ?? 'not set'
  return {
    reset: system,
    items: [
      ...survey.settings
        .filter(({ from }) => from === 'alter-system')
        .map(({ name, file: value }) => item(name, valueOf(name), `${value ?? 'set'} (ALTER SYSTEM)`, RELOAD)),
      ...undeclared.map(({ name, file: value }) =>
        item(name, 'not set', `${value ?? 'set'} (postgresql.conf)`, RELOAD),
      ),
      ...differences
        .filter(({ name }) => !named.has(name))
        .map(({ name, expected, found }) => item(name, expected, found, RELOAD)),
      ...pending
        .filter(({ name }) => !named.has(name))
        .map(({ name, from, to }) =>
          item(name, to, from, { by: 'restart', command: `drover cluster restart ${cluster} --pending` }),
        ),
    ],
  }
}

/** A standby has the settings of its cluster, a value of Patroni's own among them where it has to. */
function parametersOf(config: ServerSurvey['config']): Readonly<Record<string, string>> {
  const { postgresql } = config as { postgresql?: { parameters?: Readonly<Record<string, unknown>> } }
  return Object.fromEntries(
    Object.entries(postgresql?.parameters ?? {}).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value),
    ]),
  )
}

function isWanted(name: string, wanted: Readonly<Record<string, string>>): boolean {
  return valueIn(wanted, name) !== undefined
}

function valueIn(wanted: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(wanted).find(([each]) => each.toLowerCase() === name)?.[1]
}

function hbaDrift({ instance, file, survey }: Parameters<typeof serverDrift>[0]): readonly ClusterDriftItem[] {
  const { lines, errors, isUnread } = survey.hba
  const item = (name: string, expected: string, found: string): ClusterDriftItem => ({
    kind: 'hba',
    name,
    instance,
    expected,
    found,
    repair: RELOAD,
  })
  const missing = without(file.hba, lines)
  const added = without(lines, file.hba)
  const isReordered = missing.length + added.length === 0 && lines.some((line, index) => line !== file.hba[index])
  return [
    ...missing.map(line => item(line, 'a rule', 'missing')),
    ...added.map(line => item(line, 'no such rule', 'a rule')),
    ...(isReordered ? [item('order of rules', 'as applied', 'another one')] : []),
    ...errors.map(error => item('pg_hba.conf', 'no errors', error)),
    ...(isUnread ? [item('pg_hba.conf', 'read by the server', 'changed since it was read')] : []),
  ]
}

/** Each line as often as it is there. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = Map.groupBy(others, line => line)
  const counts = new Map([...left].map(([line, all]) => [line, all.length]))
  return lines.filter(line => {
    const count = counts.get(line) ?? 0
    counts.set(line, count - 1)
    return count <= 0
  })
}

/**
 * What Patroni writes into postgresql.conf without being told: `CMDLINE_OPTIONS`, recovery parameters, and the places of files
 * (patroni/postgresql/config.py, `get_server_parameters` and `write_postgresql_conf`).
 */
const PATRONI_ADDS: ReadonlySet<string> = new Set(
  `listen_addresses port cluster_name wal_level hot_standby max_connections max_wal_senders wal_keep_segments wal_keep_size
  max_prepared_transactions max_locks_per_transaction track_commit_timestamp max_replication_slots max_worker_processes
  wal_log_hints hba_file ident_file synchronous_standby_names hot_standby_feedback archive_cleanup_command promote_trigger_file
  trigger_file recovery_end_command recovery_min_apply_delay recovery_target recovery_target_action recovery_target_inclusive
  recovery_target_lsn recovery_target_name recovery_target_time recovery_target_timeline recovery_target_xid primary_conninfo
  primary_slot_name restore_command`.split(/\s+/),
)

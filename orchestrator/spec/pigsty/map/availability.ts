import { integerOf, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting } from './cluster-context.ts'
import { splitMembers } from './members.ts'

const MODES = ['fast', 'norm', 'safe', 'wide'] as const
const WATCHDOGS = ['off', 'automatic', 'required'] as const

/** `pg_rto`, `pg_rpo` and what the template `crit` adds to them: strict synchronous replication, and a watchdog where there is one. */
export function importAvailability(context: ClusterContext): void {
  importFailoverMode(context)
  importDurability(context)
  importWatchdog(context)
}

function importFailoverMode(context: ClusterContext): void {
  const setting = clusterSetting(context, 'pg_rto')
  const mode = MODES.find(each => each === textOf(setting?.value))
  if (setting === undefined) return
  if (mode === undefined) {
    context.ledger.lost(setting.path, {
      reason: `not one of ${MODES.join(', ')}`,
      instead: '`norm`, which Pigsty falls back on as well',
    })
    return
  }
  if (mode !== 'norm') context.draft.failover = mode
  context.ledger.kept({ path: setting.path, to: 'clusters[].failover', into: context.draft })
}

function importDurability(context: ClusterContext): void {
  const { draft, ledger, instances } = context
  const setting = clusterSetting(context, 'pg_rpo')
  const bytes = integerOf(setting?.value)
  const durability = isCritical(context) ? 'strict-sync' : bytes === 0 ? 'sync' : 'async'
  const alone = splitMembers(instances).members.length < 2
  if (setting !== undefined && (bytes === undefined || bytes < 0)) {
    ledger.lost(setting.path, { reason: 'not a number of bytes', instead: '1 MiB' })
  } else if (setting !== undefined && bytes === 0 && alone) {
    ledger.lost(setting.path, {
      reason: 'no member is left that could confirm a commit',
      instead: '`durability: async`',
    })
  } else if (setting !== undefined) {
    ledger.kept({
      path: setting.path,
      to: bytes === 0 ? 'clusters[].durability' : 'clusters[].failoverLag',
      into: draft,
    })
  }
  if (durability !== 'async' && !alone) draft.durability = durability
  else if (bytes !== undefined && bytes > 0 && bytes !== 1024 ** 2) draft.failoverLag = bytes
  const conf = clusterSetting(context, 'pg_conf')
  if (conf !== undefined && durability === 'strict-sync' && alone) {
    ledger.lost(conf.path, {
      reason: 'crit makes every commit wait for a standby, and no member is left that could confirm one',
      instead: '`workload: crit` with `durability: async`',
    })
  }
}

function importWatchdog(context: ClusterContext): void {
  const { draft, ledger } = context
  const setting = clusterSetting(context, 'patroni_watchdog_mode')
  const word = setting?.value === false ? 'off' : textOf(setting?.value)
  const mode = word === undefined ? 'off' : WATCHDOGS.find(each => each === word)
  if (setting !== undefined) {
    if (mode === undefined)
      ledger.lost(setting.path, { reason: `not one of ${WATCHDOGS.join(', ')}`, instead: '`off`' })
    else ledger.kept({ path: setting.path, to: 'clusters[].watchdog', into: draft })
  }
  const wanted = isCritical(context) && mode !== 'required' ? 'automatic' : (mode ?? 'off')
  if (wanted !== 'off') draft.watchdog = wanted
}

function isCritical(context: ClusterContext): boolean {
  return /^crit(\.yml)?$/.test(textOf(clusterSetting(context, 'pg_conf')?.value) ?? '')
}

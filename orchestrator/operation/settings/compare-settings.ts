import type { ServerSettings } from '../../../shared/domain/command.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { ServerSetting } from '../../../shared/domain/server-settings.ts'
import { HOT_STANDBY_SETTINGS } from '../../plan/tuning/hot-standby-settings.ts'
import { sameValue } from './same-value.ts'

/** A setting on which Patroni, the configuration files and the running server do not agree. */
export interface SettingDifference {
  readonly instance: InstanceName
  readonly name: string
  /** One phrase: `Patroni says 200, its file 100`. */
  readonly detail: string
  readonly expected: string
  readonly found: string
  /** The server cannot take what the file says: with it, it would not start again. */
  readonly refused: boolean
}

/** A setting that the next restart changes. */
export interface PendingSetting {
  readonly instance: InstanceName
  readonly name: string
  readonly from: string
  readonly to: string
}

export interface SettingsReport {
  readonly pending: readonly PendingSetting[]
  readonly differences: readonly SettingDifference[]
}

/** `own`: names that this member has otherwise than its cluster, in its own Patroni's file. Pure. */
export function compareSettings(
  instance: InstanceName,
  seen: Pick<ServerSettings, 'wanted' | 'settings'>,
  own: readonly string[] = [],
): SettingsReport {
  const wanted = new Map(Object.entries(seen.wanted).map(([name, value]) => [name.toLowerCase(), value]))
  const exceptions = new Set([...own, ...ALWAYS_OWN].map(name => name.toLowerCase()))
  const pending: PendingSetting[] = []
  const differences: SettingDifference[] = []
  for (const setting of seen.settings) {
    const want = exceptions.has(setting.name) ? undefined : wanted.get(setting.name)
    if (awaitsRestart(setting, want))
      pending.push({
        instance,
        name: setting.name,
        from: setting.shown ?? setting.running ?? 'nothing',
        to: want ?? setting.file ?? 'default',
      })
    else {
      const difference = differenceOf(setting, want)
      if (difference !== undefined)
        differences.push({ instance, name: setting.name, ...difference, refused: setting.refused !== undefined })
    }
  }
  return { pending, differences }
}

/** Each member's Patroni says these for itself. */
const ALWAYS_OWN = ['synchronous_standby_names', 'recovery_min_apply_delay', 'primary_slot_name']

/** A standby that would have less than its primary is started with as much, and its file says so: the wanted value waits, too. */
function awaitsRestart(setting: ServerSetting, want: string | undefined): boolean {
  if (setting.pending) return true
  if (want === undefined || setting.running === undefined || !HOT_STANDBY_SETTINGS.has(setting.name)) return false
  return (
    setting.file !== undefined &&
    agree(setting, setting.file, setting.running) &&
    !agree(setting, want, setting.running)
  )
}

function differenceOf(
  setting: ServerSetting,
  want: string | undefined,
): Pick<SettingDifference, 'detail' | 'expected' | 'found'> | undefined {
  const { file, running, shown, refused } = setting
  const differs = (detail: string, expected: string, found: string) => ({ detail, expected, found })
  if (want !== undefined && running === undefined && !setting.name.includes('.'))
    return differs('the server knows no such setting', want, 'no such setting')
  if (refused !== undefined) return differs(`'${file ?? ''}': ${refused}`, want ?? 'a value it can take', file ?? '')
  if (want !== undefined && file === undefined)
    return differs(`Patroni says ${want}, its file nothing`, want, 'nothing in postgresql.conf')
  if (want !== undefined && file !== undefined && !agree(setting, want, file))
    return differs(`Patroni says ${want}, its file ${file}`, want, `${file} (postgresql.conf)`)
  if (file !== undefined && running !== undefined && !showsOtherwise(setting) && !agree(setting, file, running)) {
    const found = shown ?? running
    return differs(`the file says ${file}, the server runs with ${found}`, file, `${found} (not read)`)
  }
  return undefined
}

/** PostgreSQL chooses sizes itself when they are 0 or -1, and shows what it chose; of archiving that is off it shows no command. */
function showsOtherwise({ name, file, running }: ServerSetting): boolean {
  return (
    running === '(disabled)' || name === 'datestyle' || (name.endsWith('_buffers') && (file === '-1' || file === '0'))
  )
}

function agree({ type, unit }: ServerSetting, left: string, right: string): boolean {
  return sameValue(left, right, { ...(type === undefined ? {} : { type }), ...(unit === undefined ? {} : { unit }) })
}

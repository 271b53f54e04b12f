import type { InstanceName } from '../../shared/domain/ids.ts'
import type { AppliedSettings } from '../../shared/domain/snapshot.ts'
import { needsRestart } from './parameter-contexts.ts'
import { isComponentSetting } from './tuning/component-settings.ts'
import { MEMORY_BUDGET } from './tuning/kept-settings.ts'

/** One setting of a running cluster that becomes another; undefined is the server's default. */
export interface SettingChange {
  readonly name: string
  /** Only this member changes; absent: all of them. */
  readonly instance?: InstanceName
  readonly from: string | undefined
  readonly to: string | undefined
  /** True when a running server takes it only at its next restart. */
  readonly restart: boolean
}

/** The whole cluster first, then member by member; each sorted by name. */
export function settingChanges({
  before,
  wanted,
  instances,
  major,
}: {
  readonly before: AppliedSettings
  readonly wanted: AppliedSettings
  /** Members that run already. */
  readonly instances: readonly InstanceName[]
  readonly major: number
}): readonly SettingChange[] {
  const change = (name: string, from: string | undefined, to: string | undefined): SettingChange => ({
    name,
    from,
    to,
    restart: needsRestart(name, major),
  })
  const shared = names(before.shared, wanted.shared)
    .filter(name => before.shared[name] !== wanted.shared[name])
    .filter(name => !isComponentSetting(name) || before.shared[name] !== undefined)
    .map(name => change(name, before.shared[name], wanted.shared[name]))
  const own = instances.flatMap(instance => {
    const [old, next] = [before.byInstance[instance] ?? {}, wanted.byInstance[instance] ?? {}]
    return names(old, next).flatMap(name => {
      const from = old[name] ?? before.shared[name]
      const to = next[name] ?? wanted.shared[name]
      return from === to || (isComponentSetting(name) && from === undefined)
        ? []
        : [{ ...change(name, from, to), instance }]
    })
  })
  return [...shared, ...own]
}

function names(...settings: readonly Readonly<Record<string, string>>[]): readonly string[] {
  return [...new Set(settings.flatMap(each => Object.keys(each)))].filter(name => name !== MEMORY_BUDGET).toSorted()
}

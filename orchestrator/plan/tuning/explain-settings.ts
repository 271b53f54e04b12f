import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { SettingExplanation } from '../../../shared/domain/plan.ts'
import { knownParameters } from '../parameter-catalogue.ts'
import { needsRestart } from '../parameter-contexts.ts'
import { libraryList } from '../preload-libraries.ts'
import type { CapacityInput } from './member-capacity.ts'
import type { SettingValues, TunedSetting } from './tuned-setting.ts'

/**
 * Settings as they are applied, sorted by name: without those that the major does not know, with the user's own in their
 * place, and with what they replace.
 */
export function explainSettings({
  input,
  tuned,
  user,
  instance,
}: {
  readonly input: CapacityInput
  readonly tuned: readonly TunedSetting[]
  readonly user: SettingValues
  readonly instance?: InstanceName
}): readonly SettingExplanation[] {
  const { cluster, allocation, snapshot } = input
  const major = allocation.postgresVersion
  const applied = snapshot.appliedSettings?.[cluster.name]
  const before = instance === undefined ? applied?.shared : { ...applied?.shared, ...applied?.byInstance[instance] }
  return merge({ cluster: cluster.name, tuned: known(tuned, major), user })
    .map((setting): SettingExplanation => {
      const replaced = before?.[setting.name]
      return {
        cluster: cluster.name,
        ...(instance === undefined ? {} : { instance }),
        ...setting,
        apply: needsRestart(setting.name, major) ? 'restart' : 'reload',
        ...(replaced === undefined || replaced === setting.value ? {} : { replaces: replaced }),
      }
    })
    .toSorted((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)))
}

function known(tuned: readonly TunedSetting[], major: number): readonly TunedSetting[] {
  const names = new Set(knownParameters(major))
  return tuned.filter(({ name }) => names.has(name) || name.includes('.'))
}

/** A later rule replaces an earlier one, and the user's value every rule. */
function merge({
  cluster,
  tuned,
  user,
}: {
  readonly cluster: string
  readonly tuned: readonly TunedSetting[]
  readonly user: SettingValues
}): readonly TunedSetting[] {
  const merged = new Map(tuned.map(setting => [setting.name, setting]))
  for (const [name, value] of Object.entries(user)) {
    const tunedValue = merged.get(name)?.value
    merged.set(name, {
      name,
      value: name === 'shared_preload_libraries' ? joinLibraries(value, tunedValue) : value,
      because: tunedValue === undefined ? 'set in the spec' : `set in the spec; Drover would use ${tunedValue}`,
      from: `clusters.${cluster}.parameters.${name}`,
    })
  }
  return [...merged.values()]
}

/** The user's libraries and those that extensions need, together: PostgreSQL reads one list. */
function joinLibraries(own: string, tuned: string | undefined): string {
  return [...new Set([...libraryList(own), ...libraryList(tuned ?? '')])].join(',')
}

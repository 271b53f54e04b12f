import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { SettingExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { checkParameters, textOf } from '../check-parameters.ts'
import { pgSize } from '../pg-units.ts'
import { clusterPlace, failure } from '../problems.ts'
import { checkTuning } from './check-tuning.ts'
import { clusterSettings, memberSettings } from './cluster-settings.ts'
import { componentSettings } from './component-settings.ts'
import { explainSettings } from './explain-settings.ts'
import { MEMORY_BUDGET } from './kept-settings.ts'
import { type CapacityInput, capacitiesOf, type MemberCapacity } from './member-capacity.ts'
import { patroniSettings } from './patroni-settings.ts'
import { type SettingValues, type TunedSetting, valuesOf } from './tuned-setting.ts'

export interface TuneResult {
  /** What all members have, unless `byInstance` says otherwise. */
  readonly shared: SettingValues
  /** What a member has otherwise, because its node or its purpose differs; members without any are absent. */
  readonly byInstance: Readonly<Record<InstanceName, SettingValues>>
  /** Of every setting above, and of those of the components around PostgreSQL. */
  readonly explanations: readonly SettingExplanation[]
  readonly problems: readonly Problem[]
}

/**
 * PostgreSQL's settings for one cluster, each with the fact it comes from. The user's own parameters win, and the rest is
 * fitted around them. The member with the least memory speaks for the cluster; others differ where PostgreSQL allows it.
 */
export function tune(input: CapacityInput): TuneResult {
  const { cluster, allocation, spec } = input
  const problems = checkParameters({ spec, cluster, major: allocation.postgresVersion })
  const user = userSettings(input)
  const members = capacitiesOf(input)
  const [weakest, ...others] = members
  if (weakest === undefined) return { ...NOTHING, problems: [...problems, factsMissing(input)] }
  const common = clusterSettings({ input, members, user })
  const settingsOf = (capacity: typeof weakest): readonly TunedSetting[] => [
    ...common,
    ...memberSettings({ input, capacity, common, user }),
  ]
  const shared = explainSettings({ input, tuned: settingsOf(weakest), user })
  const values = valuesOf(shared)
  const own = [weakest, ...others].flatMap(capacity => {
    const different = settingsOf(capacity).filter(({ name, value }) => !(name in user) && values[name] !== value)
    return explainSettings({ input, tuned: different, user: {}, instance: capacity.member.instance })
  })
  const patroni = patroniSettings(input)
  const components = [
    ...explainSettings({
      input,
      tuned: [
        ...componentSettings({ cluster, settings: values, nodeThreads: weakest.nodeThreads }),
        ...patroni.shared,
        budgetOf(weakest),
      ],
      user: {},
    }),
    ...others
      .filter(({ memoryShare }) => memoryShare.value !== weakest.memoryShare.value)
      .flatMap(other =>
        explainSettings({ input, tuned: [budgetOf(other)], user: {}, instance: other.member.instance }),
      ),
    ...Object.entries(patroni.byInstance).flatMap(([instance, tuned]) =>
      explainSettings({ input, tuned, user: {}, instance }),
    ),
  ]
  const byInstance = Object.fromEntries(
    members.flatMap(({ member: { instance } }) => {
      const different = own.filter(each => each.instance === instance)
      return different.length === 0 ? [] : [[instance, valuesOf(different)]]
    }),
  )
  return {
    shared: values,
    byInstance,
    explanations: [...shared, ...own, ...components],
    problems: [...problems, ...checkTuning({ input, members, shared: values, byInstance })],
  }
}

function budgetOf({ memoryShare: { value, from } }: MemberCapacity): TunedSetting {
  return { name: MEMORY_BUDGET, value: pgSize(value), because: 'what the settings of memory divide', from }
}

const NOTHING = { shared: {}, byInstance: {}, explanations: [] } as const

function userSettings({ cluster }: CapacityInput): SettingValues {
  return Object.fromEntries(
    Object.entries(cluster.parameters).map(([name, value]) => [name.toLowerCase(), textOf(value)]),
  )
}

function factsMissing({ spec, cluster }: CapacityInput): Problem {
  return failure({
    code: 'facts-missing',
    message: `no node of cluster ${cluster.name} reports its memory and CPU, so nothing can be tuned`,
    hint: 'Wait until the agents have reported: `drover node list`.',
    ...clusterPlace(spec, cluster),
  })
}

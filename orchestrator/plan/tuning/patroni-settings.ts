import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { patroniDynamicConfig } from '../render/dynamic-config.ts'
import { patroniTags } from '../render/patroni-tags.ts'
import { watchdogSection } from '../render/watchdog.ts'
import type { YamlValue } from '../render/yaml.ts'
import { type TopologyMember, topologyOf } from '../topology/cluster-topology.ts'
import type { CapacityInput } from './member-capacity.ts'
import { patroniReason } from './patroni-reasons.ts'
import type { TunedSetting } from './tuned-setting.ts'

/** Patroni's own settings, named `patroni.` and the path of their key: read off what is rendered, so that they are what is set. */
export interface PatroniSettings {
  readonly shared: readonly TunedSetting[]
  /** Of members that have a use of their own. */
  readonly byInstance: Readonly<Record<InstanceName, readonly TunedSetting[]>>
}

/** PostgreSQL's parameters are not among them, though Patroni's configuration carries them too. */
export function patroniSettings(input: CapacityInput): PatroniSettings {
  const { cluster, allocation } = input
  const config = patroniDynamicConfig({ cluster, settings: {}, bootstrap: false, fleet: input })
  const { members } = topologyOf(cluster, allocation)
  return {
    shared: settingsOf({ ...config, watchdog: watchdogSection(cluster.watchdog) }, cluster),
    byInstance: Object.fromEntries(
      members
        .filter(({ purpose }) => purpose !== 'member')
        .map(member => [member.instance, settingsOf(ownConfig(member), cluster, member.group)]),
    ),
  }
}

function ownConfig(member: TopologyMember): YamlValue {
  const delay =
    member.delaySeconds === 0
      ? {}
      : { postgresql: { recovery_conf: { recovery_min_apply_delay: `${member.delaySeconds}s` } } }
  return { ...patroniTags(member), ...delay }
}

function settingsOf(config: YamlValue, cluster: ClusterSpec, group?: string): readonly TunedSetting[] {
  const owner = `clusters.${cluster.name}`
  return leaves(config).flatMap(({ path, value }) => {
    const reason = patroniReason(path, cluster)
    if (reason === undefined) return []
    const parts = [owner, ...(group === undefined ? [] : [`replicas.${group}`]), ...(reason.key ?? [])]
    return [{ name: `patroni.${path}`, value, because: reason.because, from: parts.join('.') }]
  })
}

interface Leaf {
  readonly path: string
  readonly value: string
}

function leaves(value: YamlValue, path = ''): readonly Leaf[] {
  if (typeof value !== 'object') return [{ path, value: String(value) }]
  if (isList(value)) return [{ path, value: value.flatMap(each => leaves(each).map(leaf => leaf.value)).join(',') }]
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : leaves(inner, path === '' ? key : `${path}.${key}`),
  )
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value)
}

import { parse } from 'yaml'
import type { ProvisionArgs } from '../../../shared/domain/command.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import type { ClusterAllocation, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { patroniDynamicConfig } from '../../plan/render/dynamic-config.ts'
import { instancePaths } from '../../plan/render/paths.ts'
import { provisionArgs } from '../../plan/render/provision-args.ts'
import { isComponentSetting } from '../../plan/tuning/component-settings.ts'

/** A cluster as it was applied, in the words of what is observed. */
export interface Expectation {
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
  /** Patroni's dynamic configuration. */
  readonly config: Readonly<Record<string, unknown>>
  readonly members: readonly ExpectedMember[]
  /** Members that left: they are known to Patroni for a while, and their slots stay for half an hour. */
  readonly departed: readonly InstanceName[]
  /** Absent: a standby cluster has what its origin has. */
  readonly provision?: (instance: InstanceName) => ProvisionArgs
}

export interface ExpectedMember {
  readonly instance: InstanceName
  readonly nodeId: NodeId
  /** What its own Patroni's file says; absent: the node has no such file yet. */
  readonly file?: MemberFile
  /** `17.12`; absent: not known. */
  readonly serverVersion?: string
}

/** The part of a Patroni's file that shows in its server. */
export interface MemberFile {
  readonly parameters: Readonly<Record<string, string>>
  readonly hba: readonly string[]
  readonly tags: Readonly<Record<string, unknown>>
}

/** Undefined for a cluster that is not known to run, or of which no apply was ever finished. Pure. */
export function expectationOf(
  name: ClusterName,
  snapshot: Snapshot,
  read: (text: string) => MemberFile = memberFile,
): Expectation | undefined {
  const { appliedSpec, appliedSettings, allocations } = snapshot
  const cluster = appliedSpec?.clusters.find(each => each.name === name)
  const allocation = allocations.clusters[name]
  const settings = appliedSettings?.[name]
  if (appliedSpec === undefined || cluster === undefined || allocation === undefined || settings === undefined)
    return undefined
  if (!allocation.bootstrapped || allocation.hibernated !== undefined) return undefined
  const shared = Object.entries(settings.shared).filter(([setting]) => !isComponentSetting(setting))
  return {
    cluster,
    allocation,
    config: patroniDynamicConfig({
      cluster,
      settings: Object.fromEntries(shared),
      bootstrap: false,
      fleet: { spec: appliedSpec, snapshot, allocations },
    }),
    members: allocation.members.map(({ instance, nodeId }) =>
      expectedMember({ instance, nodeId, allocation, snapshot, read }),
    ),
    departed: (allocations.departed ?? []).flatMap(each => (each.cluster === name ? [each.instance] : [])),
    ...(cluster.standbyOf === undefined
      ? { provision: (instance: InstanceName) => provisionArgs({ cluster, instance, allocation }) }
      : {}),
  }
}

function expectedMember({
  instance,
  nodeId,
  allocation,
  snapshot,
  read,
}: {
  readonly instance: InstanceName
  readonly nodeId: NodeId
  readonly allocation: ClusterAllocation
  readonly snapshot: Snapshot
  readonly read: (text: string) => MemberFile
}): ExpectedMember {
  const manifest = snapshot.nodes.find(({ id }) => id === nodeId)?.manifest
  const text = manifest?.files.find(({ path }) => path === instancePaths(instance).patroniConfig)?.content
  const packaged = manifest?.packages.find(each => each.name === `postgresql-${allocation.postgresVersion}`)?.version
  const runtime = snapshot.runtimes?.ofInstance[instance]
  const serverVersion =
    runtime == null ? packaged?.match(/^(?:\d+:)?(\d+\.\d+)/)?.[1] : snapshot.runtimes?.known[runtime]?.serverVersion
  return {
    instance,
    nodeId,
    ...(text === undefined ? {} : { file: read(text) }),
    ...(serverVersion === undefined ? {} : { serverVersion }),
  }
}

/** Read back from the text that was applied, so that nothing has to be rendered twice. */
export function memberFile(text: string): MemberFile {
  const { postgresql, tags } = parse(text) as {
    postgresql?: { parameters?: Readonly<Record<string, unknown>>; pg_hba?: readonly string[] }
    tags?: Readonly<Record<string, unknown>>
  }
  const parameters = Object.entries(postgresql?.parameters ?? {}).map(([name, value]) => [name, String(value)])
  return { parameters: Object.fromEntries(parameters), hba: postgresql?.pg_hba ?? [], tags: tags ?? {} }
}

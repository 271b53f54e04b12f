import type { FileItem, InstanceWatch, Manifest, Watches } from '../../../shared/domain/manifest.ts'
import { nodeRuntimes } from '../runtime-packages.ts'
import { baseDirectories, createClusterDropIn, maskedUnits, packageSource } from './base.ts'
import { departedFragments, departedInstances } from './departed.ts'
import { etcdWatch, renderEtcd } from './etcd.ts'
import { renderHaproxy } from './haproxy.ts'
import { primaryHop } from './haproxy-sections.ts'
import type { Fragment } from './items.ts'
import { renderKernel } from './kernel.ts'
import { etcdMembers, findNode, type LocalInstance, localInstances } from './members.ts'
import { osDifferences } from './os-differences.ts'
import { instancePaths, tlsPaths } from './paths.ts'
import { renderPatroni } from './patroni.ts'
import { renderPgbouncer } from './pgbouncer.ts'
import type { RenderInput } from './render-input.ts'
import { servicesOf } from './services.ts'
import { patroniUnit, poolerKinds } from './unit-names.ts'

/** The whole desired state of one node. The same input gives the same text, byte by byte: a second apply finds nothing to do. */
export function renderNode(input: RenderInput): Manifest {
  const node = findNode(input, input.nodeId)
  const locals = localInstances(input)
  const fragments = [
    ...kernelFragments(input, locals),
    ...etcdFragments(input),
    ...locals.flatMap(local => clusterFragments(local, input)),
    ...departedFragments(input, locals),
  ]
  const departed = departedInstances(input)
  const leftovers = fragments.flatMap(part => part.leftovers ?? [])
  const source = packageSource(input, node)
  const links = fragments.flatMap(part => part.links ?? [])
  const runtimes = nodeRuntimes(locals, input)
  const empty = fragments.length === 0
  return {
    version: 1,
    ...(source === undefined ? {} : { packageSource: source }),
    packages: input.packages,
    ...(runtimes.length === 0 ? {} : { runtimes }),
    users: [],
    directories: empty ? [] : unique([...baseDirectories(), ...fragments.flatMap(part => part.directories ?? [])]),
    certificates: fragments.flatMap(part => part.certificates ?? []),
    files: empty ? [] : mergeFiles([createClusterDropIn(), ...fragments.flatMap(part => part.files ?? [])]),
    ...(links.length === 0 ? {} : { links }),
    units: empty ? [] : [...maskedUnits(), ...fragments.flatMap(part => part.units ?? [])],
    ...(leftovers.length === 0 ? {} : { leftovers }),
    ...(departed.length === 0 ? {} : { departed }),
    watches: watches(input, locals),
  }
}

/** First, so that PostgreSQL finds its huge pages when it is started for the first time. */
function kernelFragments({ kernel }: RenderInput, locals: readonly LocalInstance[]): readonly Fragment[] {
  return kernel === undefined || locals.length === 0 ? [] : [renderKernel(kernel)]
}

function etcdFragments(input: RenderInput): readonly Fragment[] {
  const members = etcdMembers(input)
  const self = members.find(member => member.nodeId === input.nodeId)
  if (self === undefined || input.allocations.etcd === null) return []
  return [
    renderEtcd({
      self,
      founders: input.allocations.etcd.founders ?? members,
      token: input.allocations.etcd.token,
      spec: input.spec.etcd,
      modes: input.spec.clusters.map(cluster => cluster.failover),
      start: input.stage.startEtcd,
    }),
  ]
}

function clusterFragments(local: LocalInstance, input: RenderInput): readonly Fragment[] {
  const members = etcdMembers(input)
  const etcdIsLocal = members.some(member => member.nodeId === input.nodeId)
  const others = members.filter(member => member.nodeId !== input.nodeId).map(member => member.address)
  const differences = osDifferences(local.node.os)
  const start = input.stage.services.has(local.cluster.name)
  const stop = input.stage.asleep?.has(local.cluster.name) ?? false
  return [
    renderPatroni({
      local,
      etcdAddresses: etcdIsLocal ? ['127.0.0.1', ...others] : others,
      etcdIsLocal,
      differences,
      start: input.stage.start.has(local.self.instance),
      stop,
      withdrawn: input.stage.withdrawn?.has(local.self.instance) ?? false,
      fleet: input,
    }),
    renderHaproxy({ local, start, stop }),
    renderPgbouncer({ local, differences, start, stop }),
  ]
}

function watches(input: RenderInput, locals: readonly LocalInstance[]): Watches {
  const etcd = etcdMembers(input).find(member => member.nodeId === input.nodeId)
  return { ...(etcd === undefined ? {} : { etcd: etcdWatch(etcd) }), instances: locals.map(instanceWatch) }
}

function instanceWatch(local: LocalInstance): InstanceWatch {
  const { cluster, self, ports } = local
  const paths = instancePaths(self.instance)
  const tls = tlsPaths(self.instance)
  return {
    cluster: cluster.name,
    instance: self.instance,
    address: self.address,
    postgresPort: ports.postgres,
    socketDirectory: paths.socket,
    dataDirectory: paths.data,
    patroniUrl: `https://127.0.0.1:${ports.patroni}`,
    patroniUnit: patroniUnit(self.instance),
    caPath: tls.ca,
    certPath: tls.cert,
    keyPath: tls.key,
    poolers: [
      ...poolerKinds(cluster).map(kind => ({ name: kind, port: kind === 'rw' ? ports.poolerRw : ports.poolerRo })),
      // The way to the primary, for the write pooler or the standby: up when the proxy has found it, not when a port is open.
      { name: primaryHop(local).name, port: ports.writeHop },
    ],
    services: servicesOf(local).map(({ name, port, target }) =>
      typeof target === 'number' ? { name, port, protocol: 'tcp' as const } : { name, port },
    ),
  }
}

function unique<T extends { readonly path: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map(item => [item.path, item])).values()]
}

/** Files that every instance of a kind shares (unit templates, the launcher) appear once, with the reactions of all. */
function mergeFiles(files: readonly FileItem[]): readonly FileItem[] {
  const merged = new Map<string, FileItem>()
  for (const file of files) {
    const known = merged.get(file.path)
    const reactions = [...(known?.reactions ?? []), ...file.reactions]
    merged.set(file.path, { ...file, reactions: uniqueReactions(reactions) })
  }
  return [...merged.values()]
}

function uniqueReactions(reactions: FileItem['reactions']): FileItem['reactions'] {
  return [...new Map(reactions.map(reaction => [`${reaction.verb} ${reaction.unit}`, reaction])).values()]
}

import { COMPONENT_PACKAGES, COMPONENTS, type Component } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import { EMPTY_MANIFEST, type InstanceWatch, type Manifest } from '../../../../shared/domain/manifest.ts'
import type { InstanceObservation, NodeObservation } from '../../../../shared/domain/observation.ts'
import type { OperationSummary } from '../../../../shared/domain/operation.ts'
import type { SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import type { Children } from '../../children.ts'
import type { PackageChange } from './install.ts'

export const FORMER = '1.0-1'
export const NEXT = '1.1-1'

/** What is wrong on a host: a service, its server, or its voter. */
export type Sickness = 'service' | 'server' | 'voter'

interface Renewal {
  readonly node: string
  readonly component: Component
  readonly packages: readonly PackageChange[]
  readonly isBack?: boolean
}

/**
 * Made-up hosts for the tests of upgrades of components: clusters of three on hosts in three zones, each host a voter. Renewals take some
 * turns of the event loop each.
 */
export function createHosts(given: {
  readonly clusters: number
  readonly nodes: number
  readonly random: () => number
}) {
  const { random } = given
  const names = Array.from({ length: given.nodes }, (_, index) => `node-${String(index).padStart(2, '0')}`)
  const members = Array.from({ length: given.clusters }, (_, index) =>
    [0, 1, 2].map(offset => ({
      cluster: `pg-${index}`,
      instance: `pg-${index}-${offset + 1}`,
      node: names[(index * 3 + offset) % names.length] ?? '',
      leads: offset === 0,
    })),
  ).flat()
  const versions = new Map(names.flatMap(name => COMPONENTS.map(component => [`${component} of ${name}`, FORMER])))
  const operations = new Map<string, { summary: OperationSummary; renewal: Renewal; turns: number }>()
  const hosts = {
    nodes: names.map(
      (name, index): SnapshotNode => ({
        id: name,
        name,
        state: 'ready',
        address: '',
        labels: { zone: 'abc'[index % 3] ?? '' },
        os: 'debian13',
        manifest: manifestOf(name),
      }),
    ),
    begun: [] as string[],
    takenBack: [] as string[],
    /** How many others were under way when one began. */
    besides: new Map<string, number>(),
    most: { fleet: 0, zone: 0, cluster: 0, etcd: 0 },
    locked: 0,
    fails: (_what: string): boolean => false,
    sick: (_node: string, _component: Component, _version: string): Sickness | null => null,
    versions: () => new Set(versions.values()),
    manifests: () => new Map<NodeId, Manifest>(names.map(name => [name, manifestOf(name)])),
    observations: () => new Map<NodeId, NodeObservation>(names.map(name => [name, observationOf(name)])),
    children: childrenOf(),
  }
  return hosts

  function childrenOf(): Children {
    return {
      begin: async ({ kind, request }) => {
        if (hosts.locked > 0) {
          hosts.locked -= 1
          throw new DroverError('locked', 'an apply holds it')
        }
        const renewal = request as Renewal
        const what = `${renewal.component} of ${renewal.node}`
        const operationId = `child-${operations.size}`
        const summary: OperationSummary = {
          operationId,
          kind,
          state: 'running',
          subject: what,
          clusters: clustersOn(renewal.node),
          locks: [],
          createdAt: 1,
          requestedBy: 'ops',
        }
        if (renewal.isBack === true) hosts.takenBack.push(what)
        else {
          hosts.besides.set(what, underWay().length)
          hosts.begun.push(what)
        }
        operations.set(operationId, { summary, renewal, turns: 1 + Math.floor(random() * 6) })
        count()
        return operationId
      },
      find: async ({ subject, kind }) =>
        [...operations.values()].findLast(each => each.summary.kind === kind && each.summary.subject === subject)
          ?.summary ?? null,
      running: async () => null,
      ended: async (id, signal) => {
        for (;;) {
          const child = operations.get(id)
          if (child !== undefined && child.summary.state !== 'running') return detailsOf(child)
          signal.throwIfAborted()
          await new Promise(setImmediate)
          for (const _ended of endings()) signal.throwIfAborted()
        }
      },
    }
  }

  function detailsOf({ summary, renewal }: { readonly summary: OperationSummary; readonly renewal: Renewal }) {
    if (summary.state === 'failed') {
      const failure = { code: 'failed' as const, message: 'it does not start', retryable: false, problems: [] }
      return { summary, phases: [], failure, rolledBack: false }
    }
    const { node, component, packages } = renewal
    const output = { node, component, from: packages[0]?.from ?? '', to: packages[0]?.to ?? '' }
    return { summary, phases: [], rolledBack: false, output }
  }

  function manifestOf(name: string): Manifest {
    const packages = COMPONENTS.flatMap(component =>
      COMPONENT_PACKAGES[component].map(each => ({
        name: each,
        version: versions.get(`${component} of ${name}`) ?? '',
      })),
    )
    const instances = membersOn(name).map(({ cluster, instance }) => ({ cluster, instance }) as InstanceWatch)
    return { ...EMPTY_MANIFEST, packages, watches: { instances } }
  }

  function observationOf(name: string): NodeObservation {
    const wrong = COMPONENTS.map(component =>
      hosts.sick(name, component, versions.get(`${component} of ${name}`) ?? ''),
    )
    const instances = membersOn(name).map(
      ({ cluster, instance, leads }): InstanceObservation => ({
        cluster,
        instance,
        role: leads ? 'primary' : 'replica',
        state: wrong.includes('server') ? 'crashed' : 'running',
        poolers: [],
        services: [{ name: 'primary', port: 5433, up: !wrong.includes('service') }],
      }),
    )
    const isWell = !wrong.includes('voter')
    const etcd = {
      name,
      healthy: isWell,
      leader: name === names[0],
      ...(isWell ? {} : { detail: 'request timed out' }),
    }
    return { observedAt: 0, instances, etcd }
  }

  function membersOn(name: string) {
    return members.filter(({ node }) => node === name)
  }

  function clustersOn(name: string): readonly string[] {
    return membersOn(name).map(({ cluster }) => cluster)
  }

  function underWay() {
    return [...operations.values()].filter(({ summary: { state } }) => state === 'running')
  }

  function count(): void {
    const renewals = underWay()
    const most = (values: readonly string[]): number =>
      Math.max(0, ...[...Map.groupBy(values, value => value).values()].map(each => each.length))
    const zones = renewals.map(({ renewal }) => 'abc'[names.indexOf(renewal.node) % 3] ?? '')
    const voters = renewals.filter(({ renewal }) => renewal.component === 'etcd')
    const { fleet, zone, cluster, etcd } = hosts.most
    hosts.most = {
      fleet: Math.max(fleet, renewals.length),
      zone: Math.max(zone, most(zones)),
      cluster: Math.max(cluster, most(renewals.flatMap(({ summary }) => summary.clusters))),
      etcd: Math.max(etcd, voters.length),
    }
  }

  function* endings(): Generator<void> {
    for (const each of underWay()) {
      each.turns -= 1
      if (each.turns > 0) continue
      const { subject } = each.summary
      const isFailed = hosts.fails(subject)
      each.summary = { ...each.summary, state: isFailed ? 'failed' : 'done', endedAt: 2 }
      if (!isFailed) versions.set(subject, each.renewal.packages[0]?.to ?? '')
      yield
    }
  }
}

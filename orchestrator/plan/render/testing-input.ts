import type { ClusterSpec, ReplicaGroupSpec } from '../../../shared/domain/spec.ts'
import type { RenderInput } from './render-input.ts'

/** Three nodes that hold etcd and two clusters, the second one in port block 1. For tests only. */
export function testingInput(change: Partial<RenderInput> = {}): RenderInput {
  const nodes = [1, 2, 3].map(number => ({
    id: `id-${number}`,
    name: `node-${number}`,
    state: 'ready' as const,
    address: `10.0.0.1${number}`,
    labels: {},
    os: 'debian13',
  }))
  const members = (cluster: string) =>
    nodes.map((node, index) => ({ instance: `${cluster}-${index + 1}`, number: index + 1, nodeId: node.id }))
  const allocation = (cluster: string, portBlock: number) => ({
    portBlock,
    postgresVersion: 17,
    nextNumber: 4,
    members: members(cluster),
    bootstrapped: false,
  })
  const allocations = {
    etcd: { token: 'token', members: nodes.map(node => ({ name: `etcd-${node.name}`, nodeId: node.id })) },
    clusters: { 'pg-main': allocation('pg-main', 0), 'pg-two': allocation('pg-two', 1) },
  }
  return {
    spec: {
      version: 1,
      fleet: {
        name: 'test',
        parameters: {
          clientNetworks: ['192.168.0.0/16'],
          limits: { cores: 1, memory: 0.85, disk: 0.8 },
          kernel: 'manage',
        },
      },
      etcd: { members: 3, labels: {}, quotaBytes: 2_147_483_648, compactionRetentionHours: 1 },
      clusters: [testingCluster({ name: 'pg-main' }), testingCluster({ name: 'pg-two' })],
    },
    snapshot: {
      revision: 1,
      now: 0,
      fleet: { id: 'fleet', name: 'test' },
      nodes,
      allocations,
      packages: {},
      repository: { urls: { debian13: 'http://10.0.0.1/debian13' }, suite: 'fleet', key: 'KEY' },
    },
    allocations,
    nodeId: 'id-2',
    settings: { 'pg-main': { max_connections: '100' }, 'pg-two': { max_connections: '100' } },
    memberSettings: {},
    packages: [],
    stage: { startEtcd: true, start: new Set(['pg-main-2', 'pg-two-2']), services: new Set(['pg-main', 'pg-two']) },
    ...change,
  }
}

/** pg-main alone: three members, then one member of each given group, each on a node of its own. */
export function testingGroups(groups: readonly ReplicaGroupSpec[], change: Partial<ClusterSpec> = {}): RenderInput {
  const input = testingInput()
  const main = input.allocations.clusters['pg-main']
  const extra = groups.map((group, index) => ({ group: group.name, number: index + 4, nodeId: `id-${index + 4}` }))
  const nodes = extra.map(({ number, nodeId }) => ({
    id: nodeId,
    name: `node-${number}`,
    state: 'ready' as const,
    address: `10.0.0.1${number}`,
    labels: {},
    os: 'debian13',
  }))
  const members = [...(main?.members ?? []), ...extra.map(each => ({ ...each, instance: `pg-main-${each.number}` }))]
  const clusters = main === undefined ? {} : { 'pg-main': { ...main, members } }
  return {
    ...input,
    spec: { ...input.spec, clusters: [testingCluster({ replicas: groups, ...change })] },
    snapshot: { ...input.snapshot, nodes: [...input.snapshot.nodes, ...nodes] },
    allocations: { ...input.allocations, clusters },
  }
}

export function testingGroup(change: Partial<ReplicaGroupSpec> & Pick<ReplicaGroupSpec, 'name'>): ReplicaGroupSpec {
  return { role: 'replica', members: 1, priority: 50, labels: {}, ...change }
}

/** pg-main, and pg-copy on the nodes of pg-two as its standby cluster. */
export function testingStandby(change: Partial<ClusterSpec> = {}): RenderInput {
  const input = testingInput()
  const { 'pg-main': main, 'pg-two': two } = input.allocations.clusters
  if (main === undefined || two === undefined) throw new Error('the testing input has pg-main and pg-two')
  const copy = { ...two, members: two.members.map(each => ({ ...each, instance: `pg-copy-${each.number}` })) }
  const source = { standbyOf: { cluster: 'pg-main', delaySeconds: 0 } }
  return {
    ...input,
    spec: {
      ...input.spec,
      clusters: [testingCluster(), testingCluster({ name: 'pg-copy', users: [], databases: [], ...source, ...change })],
    },
    allocations: { ...input.allocations, clusters: { 'pg-main': main, 'pg-copy': copy } },
    stage: { startEtcd: true, start: new Set(['pg-main-2', 'pg-copy-2']), services: new Set(['pg-main', 'pg-copy']) },
  }
}

export function testingCluster(change: Partial<ClusterSpec> = {}): ClusterSpec {
  return {
    name: 'pg-main',
    members: 3,
    placement: { labels: {}, spread: [] },
    resources: {},
    durability: 'sync',
    failover: 'norm',
    workload: 'oltp',
    users: [
      {
        name: 'app',
        login: true,
        superuser: false,
        createdb: false,
        createrole: false,
        inherit: true,
        replication: false,
        bypassrls: false,
        memberOf: [],
        parameters: {},
        pooled: true,
      },
    ],
    databases: [
      {
        name: 'app',
        owner: 'app',
        encoding: 'UTF8',
        locale: 'C.UTF-8',
        schemas: [],
        extensions: [],
        parameters: {},
        pooled: true,
        pool: {},
        isTemplate: false,
        allowConnections: true,
        revokePublicConnect: false,
      },
    ],
    hba: [],
    replicas: [],
    synchronous: { standbys: 1 },
    failoverLagBytes: 1_048_576,
    cloneRateBytes: 67_108_864,
    watchdog: 'off',
    tuning: {},
    template: { schemas: [], extensions: [] },
    privileges: [],
    services: [],
    packages: [],
    parameters: {},
    pooler: {
      mode: 'transaction',
      maxClientConnections: 500,
      tls: 'prefer',
      ignoreStartupParameters: ['extra_float_digits'],
    },
    ...change,
  }
}

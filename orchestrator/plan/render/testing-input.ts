import type { ClusterSpec } from '../../../shared/domain/spec.ts'
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

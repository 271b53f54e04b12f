import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { requiredPackages } from '../plan/packages.ts'

/** What any cluster needs on an OS, and what those of the applied spec need beyond it. */
export function basicPackages(os: string, applied: FleetSpec | undefined): readonly string[] {
  return requiredPackages({ ...(applied ?? NO_FLEET), clusters: [...(applied?.clusters ?? []), ANY_CLUSTER] }, os)
}

const NO_FLEET: FleetSpec = {
  version: 1,
  fleet: {
    name: 'any',
    parameters: { clientNetworks: [], limits: { cores: 1, memory: 0.85, disk: 0.8 }, kernel: 'manage' },
  },
  etcd: { members: 1, labels: {}, quotaBytes: 0, compactionRetentionHours: 0 },
  clusters: [],
}

/** Only what decides about packages matters here: no version, no extensions. */
const ANY_CLUSTER: ClusterSpec = {
  name: 'any',
  members: 1,
  placement: { labels: {}, spread: [] },
  resources: {},
  durability: 'async',
  failover: 'norm',
  workload: 'oltp',
  replicas: [],
  synchronous: { standbys: 1 },
  failoverLagBytes: 1_048_576,
  watchdog: 'off',
  tuning: {},
  template: { schemas: [], extensions: [] },
  privileges: [],
  services: [],
  packages: [],
  users: [],
  databases: [],
  hba: [],
  parameters: {},
  pooler: {
    mode: 'transaction',
    maxClientConnections: 1,
    tls: 'prefer',
    ignoreStartupParameters: ['extra_float_digits'],
  },
}

import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { requiredPackages } from '../plan/packages.ts'

/** What any cluster needs on an OS, and what those of the applied spec need beyond it. */
export function basicPackages(os: string, applied: FleetSpec | undefined): readonly string[] {
  return requiredPackages({ ...(applied ?? NO_FLEET), clusters: [...(applied?.clusters ?? []), ANY_CLUSTER] }, os)
}

const NO_FLEET: FleetSpec = {
  version: 1,
  fleet: { name: 'any', parameters: { clientNetworks: [] } },
  etcd: { members: 1, labels: {}, quotaBytes: 0, compactionRetentionHours: 0 },
  clusters: [],
}

/** Only what decides about packages matters here: no version, no extensions. */
const ANY_CLUSTER: ClusterSpec = {
  name: 'any',
  members: 1,
  placement: { labels: {}, spread: [], isolation: 'prefer' },
  resources: {},
  durability: 'async',
  failover: 'norm',
  workload: 'oltp',
  users: [],
  databases: [],
  hba: [],
  parameters: {},
  pooler: { mode: 'transaction', maxClientConnections: 1 },
}

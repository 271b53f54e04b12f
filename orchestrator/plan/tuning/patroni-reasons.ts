import type { ClusterSpec } from '../../../shared/domain/spec.ts'

export interface PatroniReason {
  readonly because: string
  /** Where in the cluster, or in the group of replicas, the value comes from; absent: from all of it. */
  readonly key?: readonly string[]
}

/** Why Drover sets this key of Patroni's configuration; undefined for PostgreSQL's parameters, which have rules of their own. */
export function patroniReason(path: string, cluster: ClusterSpec): PatroniReason | undefined {
  return fixedReason(path) ?? reasonsOf(cluster)[path]
}

function reasonsOf({
  failover,
  durability,
  synchronous,
  standbyOf,
}: ClusterSpec): Readonly<Record<string, PatroniReason>> {
  const time = (because: string): PatroniReason => ({ because: `${because} (failover ${failover})`, key: ['failover'] })
  const commit =
    standbyOf === undefined
      ? `durability ${durability}`
      : 'nothing is committed in a standby cluster, so nobody confirms'
  const across =
    synchronous.across === undefined
      ? 'standbys that confirm a commit, at most all but the primary'
      : `so many that one of them has another ${synchronous.across} than the primary, whoever is primary`
  return {
    ttl: time('seconds after which a silent primary has lost its lease'),
    loop_wait: time('seconds between two looks at the cluster; one second while a cluster is being made'),
    retry_timeout: time('seconds that etcd may be away; loop_wait and two of these fit into ttl'),
    primary_start_timeout: time('seconds in which a crashed primary may recover in place'),
    synchronous_mode: { because: `commits wait for a standby: ${commit}`, key: ['durability'] },
    synchronous_mode_strict: { because: `commits wait even if no standby is left: ${commit}`, key: ['durability'] },
    synchronous_node_count: { because: across, key: ['synchronous'] },
  }
}

function fixedReason(path: string): PatroniReason | undefined {
  return path.startsWith('slots.')
    ? { because: 'the primary keeps the WAL that this standby cluster still needs' }
    : FIXED[path]
}

const FOLLOWS = ['standbyOf'] as const

const FIXED: Readonly<Record<string, PatroniReason>> = {
  maximum_lag_on_failover: {
    because: 'bytes of WAL that a standby may miss and still take over, where commits wait for nobody',
    key: ['failoverLag'],
  },
  failsafe_mode: { because: 'while etcd is away a primary that reaches all members stays primary' },
  'postgresql.use_pg_rewind': { because: 'an old primary comes back without being copied again' },
  'postgresql.use_slots': { because: 'the primary keeps the WAL that its standbys still need' },
  'standby_cluster.host': {
    because: 'the proxy on the same host finds the primary of the other cluster wherever it is',
    key: FOLLOWS,
  },
  'standby_cluster.port': { because: 'where that proxy listens', key: FOLLOWS },
  'standby_cluster.primary_slot_name': {
    because: 'the slot in which the other cluster keeps WAL for it',
    key: FOLLOWS,
  },
  'standby_cluster.create_replica_methods': { because: 'its leader is copied from the other cluster', key: FOLLOWS },
  'standby_cluster.recovery_min_apply_delay': {
    because: 'the whole cluster applies WAL this much later, so that a mistake can be caught in time',
    key: [...FOLLOWS, 'delay'],
  },
  'postgresql.recovery_conf.recovery_min_apply_delay': {
    because: 'it applies WAL this much later, so that a mistake can be caught in time',
    key: ['delay'],
  },
  'tags.nofailover': { because: 'only members that are not in a group of replicas become primary', key: ['role'] },
  'tags.nosync': { because: 'only members that are not in a group of replicas confirm commits', key: ['role'] },
  'tags.noloadbalance': { because: 'it is kept for its own use, so general reads do not go there', key: ['role'] },
  'tags.clonefrom': {
    because: 'whether new members are copied from it: not from one that lags on purpose',
    key: ['role'],
  },
  'watchdog.mode': { because: 'whether a timer resets a host whose Patroni no longer answers', key: ['watchdog'] },
  'watchdog.device': { because: 'the timer of the kernel', key: ['watchdog'] },
  'watchdog.safety_margin': {
    because: 'seconds before the end of its lease at which the host is reset',
    key: ['watchdog'],
  },
}

import { confirmingStandbys, domainsOf } from '../topology/confirming-standbys.ts'
import { followersOf, sourceOf, standbySlot } from '../topology/standby-source.ts'
import { failoverTimes } from './failover-mode.ts'
import { ports } from './ports.ts'
import type { DynamicConfigInput } from './render-input.ts'
import type { YamlValue } from './yaml.ts'

/** While a cluster is being made Patroni looks every second, so that standbys and the synchronous one are found at once. */
const BOOTSTRAP_LOOP_WAIT = 1

type Section = { readonly [key: string]: YamlValue }

/**
 * Patroni's cluster-wide configuration. It lives in etcd: `bootstrap.dcs` only seeds it, later changes go through PATCH /config.
 * A setting that is no longer wanted has to be patched with null.
 */
export function patroniDynamicConfig(input: DynamicConfigInput): Section {
  const { cluster, settings, bootstrap } = input
  const times = failoverTimes(cluster.failover)
  return {
    ttl: times.ttl,
    loop_wait: bootstrap ? BOOTSTRAP_LOOP_WAIT : times.loopWait,
    retry_timeout: times.retryTimeout,
    primary_start_timeout: times.primaryStartTimeout,
    maximum_lag_on_failover: cluster.failoverLagBytes,
    failsafe_mode: true,
    ...synchronousMode(input),
    ...standbyCluster(input),
    ...slots(input),
    postgresql: {
      use_pg_rewind: true,
      use_slots: true,
      parameters: settings,
    },
  }
}

/** Nothing is committed in a standby cluster, so nobody confirms there. */
function synchronousMode({ cluster, fleet }: DynamicConfigInput): Section {
  const isSynchronous = cluster.durability !== 'async' && cluster.standbyOf === undefined
  return {
    synchronous_mode: isSynchronous,
    synchronous_mode_strict: isSynchronous && cluster.durability === 'strict-sync',
    ...(isSynchronous ? { synchronous_node_count: confirmingStandbys(cluster, domainsOf(cluster, fleet)) } : {}),
  }
}

/**
 * The leader of a standby cluster replicates through the proxy on its own host, which finds the primary of the other cluster
 * wherever it is: Patroni before 4 cannot log in to one of several hosts. Nor does it use a slot of a cluster that is a
 * standby cluster itself, since with a slot it insists on a primary.
 */
function standbyCluster({ cluster, fleet }: DynamicConfigInput): Section {
  const allocation = fleet.allocations.clusters[cluster.name]
  if (cluster.standbyOf === undefined || allocation === undefined) return {}
  const { delaySeconds } = cluster.standbyOf
  return {
    standby_cluster: {
      host: '127.0.0.1',
      port: ports(allocation.portBlock).writeHop,
      ...(sourceOf(cluster, fleet.spec)?.standbyOf === undefined
        ? { primary_slot_name: standbySlot(cluster.name) }
        : {}),
      create_replica_methods: ['basebackup'],
      ...(delaySeconds === 0 ? {} : { recovery_min_apply_delay: `${delaySeconds}s` }),
    },
  }
}

/** One for each standby cluster, so that a primary keeps the WAL it still needs; how much in all is bounded by tuning. */
function slots({ cluster, fleet }: DynamicConfigInput): Section {
  const followers = cluster.standbyOf === undefined ? followersOf(cluster.name, fleet.spec) : []
  if (followers.length === 0) return {}
  return { slots: Object.fromEntries(followers.map(({ name }) => [standbySlot(name), { type: 'physical' }])) }
}

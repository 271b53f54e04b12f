import { failoverTimes } from './failover-mode.ts'
import type { DynamicConfigInput } from './render-input.ts'
import type { YamlValue } from './yaml.ts'

/** While a cluster is being made Patroni looks every second, so that standbys and the synchronous one are found at once. */
const BOOTSTRAP_LOOP_WAIT = 1

/**
 * Patroni's cluster-wide configuration. It lives in etcd: `bootstrap.dcs` only seeds it, later changes go through PATCH /config.
 * A setting that is no longer wanted has to be patched with null.
 */
export function patroniDynamicConfig({ cluster, settings, bootstrap }: DynamicConfigInput): {
  readonly [key: string]: YamlValue
} {
  const times = failoverTimes(cluster.failover)
  return {
    ttl: times.ttl,
    loop_wait: bootstrap ? BOOTSTRAP_LOOP_WAIT : times.loopWait,
    retry_timeout: times.retryTimeout,
    primary_start_timeout: times.primaryStartTimeout,
    maximum_lag_on_failover: 1_048_576,
    failsafe_mode: true,
    synchronous_mode: cluster.durability !== 'async',
    synchronous_mode_strict: cluster.durability === 'strict-sync',
    postgresql: {
      use_pg_rewind: true,
      use_slots: true,
      parameters: {
        // A lost connection to the primary is tried again at once: a new slot or a promotion is a matter of milliseconds.
        wal_retrieve_retry_interval: '100ms',
        // A dead synchronous standby holds up every commit until the primary gives it up.
        wal_sender_timeout: `${times.walTimeout}s`,
        wal_receiver_timeout: `${times.walTimeout}s`,
        ...settings,
      },
    },
  }
}

import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { failoverTimes } from '../render/failover-mode.ts'
import type { MemberCapacity } from './member-capacity.ts'
import type { TunedSetting } from './tuned-setting.ts'

/** What replication needs of every member alike. */
export function replicationSettings(cluster: ClusterSpec, memberCount: number): readonly TunedSetting[] {
  const senders = Math.max(20, 2 * memberCount + 10)
  const { ttl, walTimeout } = failoverTimes(cluster.failover)
  const delay = `a promotion waits for queries that hold up replay, so no longer than a lease (failover ${cluster.failover})`
  const dead = `a dead synchronous standby holds up commits until the primary gives it up (failover ${cluster.failover})`
  const rows: readonly (readonly [string, string, string])[] = [
    ['wal_level', 'logical', 'logical replication and change capture without a restart'],
    ['wal_log_hints', 'on', 'pg_rewind can bring an old primary back'],
    ['track_commit_timestamp', 'on', 'commits can be dated after a failover'],
    ['max_wal_senders', String(senders), 'standbys, base backups and consumers'],
    ['max_replication_slots', String(senders), 'one a standby and some for consumers'],
    ['hot_standby_feedback', 'on', 'the primary keeps rows that queries on standbys still see'],
    ['wal_receiver_status_interval', '1s', 'the primary knows within a second what a standby has and still reads'],
    ['wal_sender_timeout', `${walTimeout}s`, dead],
    ['wal_receiver_timeout', `${walTimeout}s`, dead],
    ['wal_retrieve_retry_interval', '100ms', 'a new slot or a promotion is a matter of milliseconds'],
    ['max_standby_streaming_delay', `${ttl}s`, delay],
    ['max_standby_archive_delay', `${ttl}s`, delay],
    [
      'idle_replication_slot_timeout',
      cluster.workload === 'crit' ? '3d' : '7d',
      'a consumer that never comes back does not hold WAL and dead rows for ever',
    ],
  ]
  return rows.map(([name, value, because]) => ({ name, value, because, from: `clusters.${cluster.name}` }))
}

/** Members that are never promoted may let a query hold up replay; one that stays behind must not hold rows on the primary. */
export function groupSettings(cluster: ClusterSpec, { member }: MemberCapacity): readonly TunedSetting[] {
  const group = cluster.replicas.find(({ name }) => name === member.group)
  if (group === undefined) return []
  const from = `clusters.${cluster.name}.replicas.${group.name}`
  if (group.role === 'delayed')
    return [
      {
        name: 'hot_standby_feedback',
        value: 'off',
        because: 'rows that a delayed member still sees are old; keeping them would bloat the primary',
        from,
      },
    ]
  const value = group.role === 'offline' ? '30min' : '3min'
  const because = 'it is never promoted, so its queries may hold up replay'
  return ['max_standby_streaming_delay', 'max_standby_archive_delay'].map(name => ({ name, value, because, from }))
}

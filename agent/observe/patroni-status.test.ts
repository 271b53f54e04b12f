import { describe, expect, it } from 'vitest'
import { patroniStatus } from './patroni-status.ts'

/** Recorded from lab hosts. */
const PRIMARY_4 =
  '{"state": "running", "postmaster_start_time": "2026-11-22 16:34:21.759736+00:00", "role": "primary", "server_version": 170012, "xlog": {"location": 71700792}, "timeline": 1, "replication": [{"usename": "drover_replicator", "application_name": "pg-main-2", "client_addr": "10.10.30.12", "state": "streaming", "sync_state": "sync", "sync_priority": 1}, {"usename": "drover_replicator", "application_name": "pg-main-3", "client_addr": "10.10.30.13", "state": "streaming", "sync_state": "async", "sync_priority": 0}], "dcs_last_seen": 1795365287, "database_system_identifier": "7711035077301338314", "patroni": {"version": "4.0.7", "scope": "pg-main", "name": "pg-main-1"}}'
const SYNC_4 =
  '{"state": "running", "postmaster_start_time": "2026-11-22 16:34:25.792494+00:00", "role": "replica", "server_version": 170012, "xlog": {"received_location": 71700792, "replayed_location": 71700792, "replayed_timestamp": "2026-11-22 16:34:28.053894+00:00", "paused": false}, "sync_standby": true, "timeline": 1, "replication_state": "streaming", "dcs_last_seen": 1795365287, "database_system_identifier": "7711035077301338314", "patroni": {"version": "4.0.7", "scope": "pg-main", "name": "pg-main-2"}}'
const PRIMARY_3 =
  '{"state": "running", "postmaster_start_time": "2026-11-22 16:40:29.110792+00:00", "role": "master", "server_version": 150020, "xlog": {"location": 71618304}, "timeline": 1, "replication": [{"usename": "drover_replicator", "application_name": "pg-main-2", "client_addr": "10.10.32.12", "state": "streaming", "sync_state": "sync", "sync_priority": 1}], "dcs_last_seen": 1795365705, "database_system_identifier": "7711036656374234467", "patroni": {"version": "3.0.2", "scope": "pg-main"}}'
const REPLICA_3 =
  '{"state": "running", "postmaster_start_time": "2026-11-22 16:40:32.878091+00:00", "role": "replica", "server_version": 150020, "xlog": {"received_location": 71618304, "replayed_location": 71618304, "replayed_timestamp": "2026-11-22 16:40:35.627158+00:00", "paused": false}, "timeline": 1, "dcs_last_seen": 1795365706, "database_system_identifier": "7711036656374234467", "patroni": {"version": "3.0.2", "scope": "pg-main"}}'

describe('what Patroni says', () => {
  it('of a primary: role, version, position and who follows (Patroni 4)', () => {
    expect(patroniStatus(PRIMARY_4)).toEqual({
      role: 'primary',
      state: 'running',
      serverVersion: '17.12',
      startedAt: '2026-11-22 16:34:21.759736+00:00',
      timeline: 1,
      lsn: 71_700_792,
      replication: [
        { name: 'pg-main-2', state: 'streaming', syncState: 'sync' },
        { name: 'pg-main-3', state: 'streaming', syncState: 'async' },
      ],
    })
  })

  it('of a synchronous standby (Patroni 4)', () => {
    expect(patroniStatus(SYNC_4)).toMatchObject({ role: 'sync-standby', state: 'streaming', lsn: 71_700_792 })
  })

  it('in the words of Patroni 3', () => {
    expect(patroniStatus(PRIMARY_3)).toMatchObject({ role: 'primary', serverVersion: '15.20' })
    expect(patroniStatus(REPLICA_3)).toMatchObject({ role: 'replica', state: 'running', lsn: 71_618_304 })
  })

  it('of the leader of a standby cluster', () => {
    const body = { ...JSON.parse(SYNC_4), role: 'standby_leader', sync_standby: undefined }
    expect(patroniStatus(JSON.stringify(body))).toMatchObject({ role: 'standby-leader', state: 'streaming' })
  })

  it('of a member that needs a restart in a paused cluster without a leader', () => {
    const body = { ...JSON.parse(REPLICA_3), pending_restart: true, pause: true, cluster_unlocked: true }
    expect(patroniStatus(JSON.stringify(body))).toMatchObject({
      pendingRestart: true,
      detail: 'the cluster has no leader; Patroni is paused',
    })
  })

  it('of settings that wait for a restart, as Patroni 4 names them', () => {
    const reason = { max_connections: { old_value: '90', new_value: '70' } }
    const body = { ...JSON.parse(REPLICA_3), pending_restart: true, pending_restart_reason: reason }
    expect(patroniStatus(JSON.stringify(body))).toMatchObject({
      pendingRestart: true,
      pendingSettings: [{ name: 'max_connections', from: '90', to: '70' }],
    })
  })

  it('of a member that is just being made: no version, no position', () => {
    const body = '{"state": "creating replica", "role": "replica", "patroni": {"version": "4.0.7"}}'
    expect(patroniStatus(body)).toEqual({ role: 'replica', state: 'creating replica' })
  })

  it.each(['', 'null', '[]', '"text"', '{"state": 1}', '<html>'])('is unknown when it is %j', text => {
    expect(patroniStatus(text)).toMatchObject({ role: 'unknown', state: 'unknown' })
  })
})

import type { InstanceObservation, InstanceRole } from '../../shared/domain/observation.ts'

/** What Patroni says of one instance: everything of an observation that is not a port. */
export type PatroniStatus = Omit<InstanceObservation, 'cluster' | 'instance' | 'poolers' | 'services' | 'pausedUntil'>

/** Reads the body of Patroni's GET /patroni, of version 3 and 4. Anything that is not such a body is an unknown state that says so. */
export function patroniStatus(text: string): PatroniStatus {
  const body = parse(text)
  if (body === null || typeof body['state'] !== 'string') {
    return { role: 'unknown', state: 'unknown', detail: 'Patroni answered with something that is not its status' }
  }
  const xlog = record(body['xlog'])
  const lsn = number(xlog['location']) ?? number(xlog['replayed_location']) ?? number(xlog['received_location'])
  const timeline = number(body['timeline'])
  const version = number(body['server_version'])
  const notes = [
    body['cluster_unlocked'] === true ? 'the cluster has no leader' : '',
    body['pause'] === true ? 'Patroni is paused' : '',
  ].filter(note => note !== '')
  return {
    role: role(body),
    state: typeof body['replication_state'] === 'string' ? body['replication_state'] : body['state'],
    ...(version === undefined ? {} : { serverVersion: versionText(version) }),
    ...(typeof body['postmaster_start_time'] === 'string' ? { startedAt: body['postmaster_start_time'] } : {}),
    ...(timeline === undefined ? {} : { timeline }),
    ...(lsn === undefined ? {} : { lsn }),
    ...(body['pending_restart'] === true ? { pendingRestart: true } : {}),
    ...pendingSettings(record(body['pending_restart_reason'])),
    ...(body['pause'] === true ? { paused: true } : {}),
    ...(record(body['tags'])['nofailover'] === true ? { noFailover: true } : {}),
    ...(Array.isArray(body['replication']) ? { replication: body['replication'].map(record).map(standby) } : {}),
    ...(notes.length === 0 ? {} : { detail: notes.join('; ') }),
  }
}

function pendingSettings(reasons: Readonly<Record<string, unknown>>): Pick<PatroniStatus, 'pendingSettings'> {
  const settings = Object.entries(reasons).map(([name, reason]) => {
    const values = record(reason)
    return { name, from: String(values['old_value']), to: String(values['new_value']) }
  })
  return settings.length === 0 ? {} : { pendingSettings: settings }
}

/** Patroni 3 says `master`; `sync_standby` is there only where it is true. */
function role(body: Readonly<Record<string, unknown>>): InstanceRole {
  if (body['role'] === 'primary' || body['role'] === 'master') return 'primary'
  if (body['role'] === 'standby_leader') return 'standby-leader'
  if (body['sync_standby'] === true) return 'sync-standby'
  return body['role'] === 'replica' ? 'replica' : 'unknown'
}

/** 170012 is 17.12. */
function versionText(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`
}

function standby(row: Readonly<Record<string, unknown>>) {
  return {
    name: String(row['application_name']),
    state: String(row['state']),
    syncState: String(row['sync_state']),
  }
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return record(JSON.parse(text))
  } catch {
    return null
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

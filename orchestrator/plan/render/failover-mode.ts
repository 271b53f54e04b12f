import type { FailoverMode } from '../../../shared/domain/spec.ts'

/** How patient every layer is with a silent member. The layers must agree, hence one table. */
export interface FailoverTimes {
  /** Patroni, seconds. Invariant: loopWait + 2 × retryTimeout ≤ ttl, or a primary could outlive its lease. */
  readonly ttl: number
  readonly loopWait: number
  readonly retryTimeout: number
  /** How long a crashed primary may try to recover in place before a standby takes over, seconds. */
  readonly primaryStartTimeout: number
  /** HAProxy health checks; `rise` is 1 because Patroni's answer is a statement of role, not a symptom. */
  readonly check: {
    readonly inter: string
    readonly fastinter: string
    readonly downinter: string
    readonly timeout: string
    readonly rise: number
    readonly fall: number
  }
  /** How often HAProxy looks for a primary on behalf of a pooler that waits for one, and how long connecting to it may take, milliseconds. */
  readonly holdPauseMs: number
  /** After this long without an acknowledgement a TCP connection to another member is given up, milliseconds. */
  readonly tcpUserTimeoutMs: number
  /** Replication connections without a sign of life are closed after this many seconds. */
  readonly walTimeout: number
  /** etcd, milliseconds; election is ten times heartbeat, heartbeat about the round trip between the nodes. */
  readonly etcdHeartbeatMs: number
}

/** Meant for: fast = one rack (<1 ms), norm = one data centre, safe = several data centres (10–50 ms), wide = several regions (100–200 ms). */
const TIMES: Readonly<Record<FailoverMode, FailoverTimes>> = {
  fast: {
    ttl: 20,
    loopWait: 5,
    retryTimeout: 5,
    primaryStartTimeout: 15,
    check: { inter: '1s', fastinter: '250ms', downinter: '500ms', timeout: '1s', rise: 1, fall: 2 },
    holdPauseMs: 250,
    tcpUserTimeoutMs: 3000,
    walTimeout: 5,
    etcdHeartbeatMs: 100,
  },
  norm: {
    ttl: 30,
    loopWait: 5,
    retryTimeout: 10,
    primaryStartTimeout: 25,
    check: { inter: '1s', fastinter: '500ms', downinter: '1s', timeout: '2s', rise: 1, fall: 3 },
    holdPauseMs: 500,
    tcpUserTimeoutMs: 6000,
    walTimeout: 10,
    etcdHeartbeatMs: 100,
  },
  safe: {
    ttl: 60,
    loopWait: 10,
    retryTimeout: 20,
    primaryStartTimeout: 45,
    check: { inter: '2s', fastinter: '1s', downinter: '2s', timeout: '3s', rise: 1, fall: 3 },
    holdPauseMs: 1000,
    tcpUserTimeoutMs: 12_000,
    walTimeout: 20,
    etcdHeartbeatMs: 200,
  },
  wide: {
    ttl: 120,
    loopWait: 20,
    retryTimeout: 30,
    primaryStartTimeout: 95,
    check: { inter: '3s', fastinter: '1s', downinter: '3s', timeout: '5s', rise: 1, fall: 3 },
    holdPauseMs: 1000,
    tcpUserTimeoutMs: 24_000,
    walTimeout: 60,
    etcdHeartbeatMs: 400,
  },
}

export function failoverTimes(mode: FailoverMode): FailoverTimes {
  return TIMES[mode]
}

/** The most patient of several modes: what they share (etcd) must suit the widest network among them. */
export function mostPatient(modes: readonly FailoverMode[]): FailoverMode {
  const order: readonly FailoverMode[] = ['wide', 'safe', 'norm', 'fast']
  return order.find(mode => modes.includes(mode)) ?? 'norm'
}

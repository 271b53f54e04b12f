import type { Component } from './component.ts'
import type { ClusterName, NodeId } from './ids.ts'

/** Everything that a look at health can find: a closed set, which docs/health.md explains one by one. */
export const FINDING_CODES = [
  'clock-not-synchronized',
  'clock-jumped',
  'clock-offset',
  'server-start-skew',
  'disk-nearly-full',
  'inodes-nearly-used',
  'transaction-age',
  'multixact-age',
  'sequence-nearly-used',
  'slot-holds-wal',
  'slot-lost',
  'archive-failing',
  'prepared-transaction-old',
  'collation-version',
  'collation-library',
  'pending-restart',
  'etcd-quota',
  'etcd-alarm',
  'drop-blocked',
  'kept-objects',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

/** The worst first. `info`: nothing is wrong, and somebody may want to know. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const

export type Severity = (typeof SEVERITIES)[number]

export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly subject: { readonly kind: 'node' | 'cluster' | 'instance' | 'etcd'; readonly name: string }
  /** What is so, in one sentence. */
  readonly message: string
  /** Whom it concerns: absent, everybody. */
  readonly concerns?: { readonly nodeId: NodeId } | { readonly cluster: ClusterName }
  /** When this orchestrator saw it first; Unix milliseconds. */
  readonly since?: number
  /** Kinds of operations that are refused because of it. */
  readonly blocks: readonly string[]
}

/** What an operation does that can go wrong on a fleet that is not well. */
export type Risk =
  | 'restart'
  | 'handover'
  | 'promotion'
  | 'copy'
  | 'bootstrap'
  /** Of a Patroni whose PostgreSQL goes on meanwhile. */
  | 'patroni-restart'
  /** Of a voter. */
  | 'etcd-restart'
  /** Voters come and go. */
  | 'etcd-change'

/** Of a component that starts anew on one host. A host's HAProxy hands over to itself, and a pooler's primary to another member. */
export const RISKS_OF_COMPONENTS: Readonly<Record<Component, readonly Risk[]>> = {
  haproxy: [],
  etcd: ['etcd-restart'],
  patroni: ['patroni-restart'],
  pgbouncer: ['handover', 'promotion'],
}

/** By kind of operation; `apply` has the risks of its steps, `renew-component` those of its component only. */
export const RISKS_OF_KINDS: Readonly<Record<string, readonly Risk[]>> = {
  restart: ['restart'],
  switchover: ['handover', 'promotion'],
  failover: ['promotion'],
  reinit: ['copy'],
  move: ['copy', 'handover', 'promotion'],
  replace: ['copy'],
  drain: ['copy', 'handover', 'promotion', 'etcd-change'],
  'remove-node': ['copy', 'etcd-change'],
  'start-cluster': ['restart'],
  'upgrade-cluster': ['restart', 'handover', 'promotion'],
  'renew-component': Object.values(RISKS_OF_COMPONENTS).flat(),
}

/** What a critical finding stands in the way of. Those that are absent only inform. */
export const BLOCKED_RISKS: Readonly<Partial<Record<FindingCode, readonly Risk[]>>> = {
  'clock-not-synchronized': ['restart', 'bootstrap', 'patroni-restart'],
  'clock-jumped': ['restart', 'bootstrap', 'patroni-restart'],
  'clock-offset': ['restart', 'bootstrap', 'patroni-restart'],
  'server-start-skew': ['patroni-restart'],
  'disk-nearly-full': ['restart', 'etcd-restart'],
  'inodes-nearly-used': ['restart', 'etcd-restart'],
  'archive-failing': ['restart', 'handover'],
  'collation-library': ['copy', 'promotion'],
  'etcd-alarm': ['restart', 'promotion', 'copy', 'bootstrap', 'patroni-restart', 'etcd-restart', 'etcd-change'],
}

export type ThresholdName =
  | 'clockOffsetSeconds'
  | 'diskFree'
  | 'inodesFree'
  | 'transactionAge'
  | 'multixactAge'
  | 'sequenceUsed'
  | 'slotBytes'
  | 'archiveBacklog'
  | 'preparedSeconds'
  | 'etcdQuotaUsed'

export interface Threshold {
  readonly warning: number
  readonly critical: number
}

export type HealthThresholds = Readonly<Record<ThresholdName, Threshold>>

/** Where a fleet's file says nothing else. docs/health.md says why these. */
export const DEFAULT_THRESHOLDS: HealthThresholds = {
  clockOffsetSeconds: { warning: 2, critical: 10 },
  diskFree: { warning: 0.15, critical: 0.05 },
  inodesFree: { warning: 0.1, critical: 0.02 },
  transactionAge: { warning: 800_000_000, critical: 1_600_000_000 },
  multixactAge: { warning: 800_000_000, critical: 1_600_000_000 },
  sequenceUsed: { warning: 0.75, critical: 0.9 },
  slotBytes: { warning: 2 * 1024 ** 3, critical: 20 * 1024 ** 3 },
  archiveBacklog: { warning: 1, critical: 100 },
  preparedSeconds: { warning: 3_600, critical: 86_400 },
  etcdQuotaUsed: { warning: 0.7, critical: 0.9 },
}

/** A clock that was set counts as unwell so long. */
export const JUMP_REMEMBERED_MS = 15 * 60_000

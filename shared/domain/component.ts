import type { PhaseSpan, Wave } from './campaign.ts'
import type { PoolerTarget } from './command.ts'
import type { OperationId } from './ids.ts'
import type { PatroniTarget } from './patroni-target.ts'

/** What runs beside PostgreSQL, each from packages of its own. */
export type Component = 'etcd' | 'haproxy' | 'pgbouncer' | 'patroni'

/** In the order in which they are upgraded: first what is handed over without anybody noticing. */
export const COMPONENTS: readonly Component[] = ['haproxy', 'etcd', 'patroni', 'pgbouncer']

/** The first one is the program's own. */
export const COMPONENT_PACKAGES: Readonly<Record<Component, readonly [string, ...string[]]>> = {
  etcd: ['etcd-server', 'etcd-client'],
  haproxy: ['haproxy'],
  pgbouncer: ['pgbouncer'],
  patroni: ['patroni', 'python3-etcd'],
}

/** Of a unit that Drover writes; undefined: it is no component's. */
export function componentOf(unit: string): Component | undefined {
  if (unit === 'drover-etcd.service') return 'etcd'
  const [, name] = /^drover-(haproxy|patroni|pgbouncer)(?:-r[wo])?@[a-z0-9-]+\.service$/.exec(unit) ?? []
  return name as Component | undefined
}

export interface RenewArgs {
  readonly unit: string
  /** Of a Patroni: it has to be paused, or its PostgreSQL would stop with it. */
  readonly patroni?: PatroniTarget
}

export interface Renewed {
  /** False: its process runs from what is installed already, or the unit is stopped. */
  readonly renewed: boolean
  readonly tookMs: number
}

export interface PoolerDrainArgs extends PoolerTarget {
  readonly timeoutMs: number
}

/** What one host got. */
export interface ComponentRenewed {
  readonly node: string
  readonly component: Component
  readonly from: string
  readonly to: string
  /** How long the poolers made writers wait at most; absent: nobody was held. */
  readonly stallMs?: number
  /** Clients that were still connected to poolers that started anew. */
  readonly disconnected?: number
}

/** What became of the component on one host. */
export interface ComponentReport extends ComponentRenewed {
  /** `failed`: it has again what it had. `left`: it was not begun. */
  readonly result: 'upgraded' | 'failed' | 'left'
  readonly because?: string
  /** Its own operation; null: it was not begun. */
  readonly operationId: OperationId | null
  readonly tookMs?: number
  /** Unix milliseconds. */
  readonly begunAt?: number
  readonly endedAt?: number
  readonly phases?: readonly PhaseSpan[]
}

export interface ComponentsReport {
  readonly changes: readonly ComponentReport[]
}

/** What would be done on one host. */
export interface ComponentTurn {
  readonly node: string
  readonly component: Component
  readonly packages: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}

/** Hosts, under `clusters`, that get one component before their health is looked at again. */
export interface ComponentWave extends Wave {
  readonly component: Component
}

export interface ComponentsPlan {
  /** Component after component; on each those hosts first that lead nothing. */
  readonly turns: readonly ComponentTurn[]
  /** In this order. */
  readonly waves: readonly ComponentWave[]
}

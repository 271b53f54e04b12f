import type { ClusterSpec, ReplicaGroupSpec, Workload } from '../../../shared/domain/spec.ts'
import { type Amounts, declaredAmount, RESOURCES } from './resources.ts'

const GIB = 1024 ** 3

/** What a member does to its node. A primary is the first one or the one that is seen; the others may become it but for replicas. */
export type Purpose = 'primary' | 'standby' | ReplicaGroupSpec['role']

/**
 * What a member is expected to take where its `resources` are silent. Only nodes are compared by it: small enough that
 * several fit a machine of two cores, so an expectation never makes a fleet impossible.
 */
const EXPECTED: Readonly<Record<Workload, Amounts>> = {
  oltp: [1, 2 * GIB, 20 * GIB, 300],
  crit: [1, 2 * GIB, 20 * GIB, 300],
  mixed: [1, 2 * GIB, 20 * GIB, 300],
  olap: [2, 4 * GIB, 50 * GIB, 300],
  tiny: [0.25, 0.5 * GIB, 5 * GIB, 50],
}

/**
 * The part of a demand that a member takes. A demand is what a primary needs. A standby replays what the primary has worked
 * out and serves some reads: half of the cores. It writes every data page that the primary writes and its WAL in larger
 * flushes: seven tenths of the writes. Readers compute like a primary; a delayed member only replays. All hold all data.
 */
export const SHARE: Readonly<Record<Purpose, Amounts>> = {
  primary: [1, 1, 1, 1],
  standby: [0.5, 1, 1, 0.7],
  replica: [1, 1, 1, 0.7],
  offline: [1, 1, 1, 0.7],
  delayed: [0.25, 1, 1, 0.7],
}

export interface Demand {
  /** Declared in the spec, for each member; 0 where it is silent. Hard. */
  readonly declared: Amounts
  /** Declared or expected, by what the member does. Soft. */
  readonly taken: Readonly<Record<Purpose, Amounts>>
  /** What a standby takes more once it is promoted. */
  readonly promotion: Amounts
}

export function demandOf({ resources, workload }: Pick<ClusterSpec, 'resources' | 'workload'>): Demand {
  const [cores, memory, disk, iops] = RESOURCES.map(
    (resource, index) => declaredAmount(resources, resource) ?? EXPECTED[workload][index] ?? 0,
  )
  const whole: Amounts = [cores ?? 0, memory ?? 0, disk ?? 0, iops ?? 0]
  const taken = {
    primary: scaled(whole, SHARE.primary),
    standby: scaled(whole, SHARE.standby),
    replica: scaled(whole, SHARE.replica),
    offline: scaled(whole, SHARE.offline),
    delayed: scaled(whole, SHARE.delayed),
  }
  const { primary, standby } = taken
  return {
    declared: [resources.cores ?? 0, resources.memoryBytes ?? 0, resources.diskBytes ?? 0, resources.iops ?? 0],
    taken,
    promotion: [primary[0] - standby[0], primary[1] - standby[1], primary[2] - standby[2], primary[3] - standby[3]],
  }
}

/** What data take that nobody works with any more. */
export function diskOnly({ declared, taken }: Demand): Demand {
  const disk = ([, , bytes]: Amounts): Amounts => [0, 0, bytes, 0]
  return {
    declared: disk(declared),
    taken: {
      primary: disk(taken.primary),
      standby: disk(taken.standby),
      replica: disk(taken.replica),
      offline: disk(taken.offline),
      delayed: disk(taken.delayed),
    },
    promotion: [0, 0, 0, 0],
  }
}

function scaled(whole: Amounts, share: Amounts): Amounts {
  return [whole[0] * share[0], whole[1] * share[1], whole[2] * share[2], whole[3] * share[3]]
}

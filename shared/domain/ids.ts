/** Random, given by the orchestrator at enrolment (UUIDv7). Never derived from hardware: cloned images share that. */
export type NodeId = string
/** Unique within a fleet, e.g. `pg-main`. */
export type ClusterName = string
/** `<cluster>-<number>`; the number is never used again within its cluster. */
export type InstanceName = string
export type OperationId = string
export type CommandId = string
export type FleetId = string

/** Cluster, node and database-object names become file names, unit names, DCS keys and certificate names, hence the narrow alphabet. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]{0,39}$/

export function instanceName(cluster: ClusterName, number: number): InstanceName {
  return `${cluster}-${number}`
}

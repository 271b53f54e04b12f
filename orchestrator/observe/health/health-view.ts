import type { NodeFacts } from '../../../shared/domain/facts.ts'
import { DEFAULT_THRESHOLDS, type HealthThresholds } from '../../../shared/domain/health.ts'
import type { NodeId } from '../../../shared/domain/ids.ts'
import type { ObjectReference } from '../../../shared/domain/object-reference.ts'
import type { NodeObservation } from '../../../shared/domain/observation.ts'
import type { Allocations } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'

/** Everything that findings are made from, at one moment. */
export interface HealthView {
  /** Unix milliseconds. */
  readonly now: number
  readonly nodes: readonly HealthNode[]
  readonly allocations: Pick<Allocations, 'clusters' | 'etcd' | 'retired'>
  /** What the applied spec no longer declares and PostgreSQL still has. */
  readonly left: readonly ObjectReference[]
  readonly thresholds: HealthThresholds
}

export interface HealthNode {
  readonly id: NodeId
  readonly name: string
  readonly facts?: Pick<NodeFacts, 'glibc' | 'icu' | 'clock' | 'virtualization'>
  /** Only a fresh one: an old one says nothing about now. */
  readonly observation?: NodeObservation
  /** Agent clock minus orchestrator clock. */
  readonly clockOffsetMs?: number
}

export function thresholdsOf(spec: FleetSpec | undefined): HealthThresholds {
  return { ...DEFAULT_THRESHOLDS, ...spec?.fleet.parameters.health }
}

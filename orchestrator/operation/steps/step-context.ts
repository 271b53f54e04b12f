import type { OperationId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { FleetHealth } from '../../observe/health/fleet-health.ts'
import type { Mutation } from '../../store/store.ts'
import type { Children } from '../children.ts'
import type { CommandRunner, FleetAccess, PackageShelf } from '../dependencies.ts'
import type { Secrets } from '../secrets.ts'

/** What a step may use. */
export interface StepTools {
  readonly runner: CommandRunner
  readonly fleet: FleetAccess
  readonly shelf: PackageShelf
  readonly secrets: Secrets
  readonly clock: Clock
  readonly children: Children
  readonly health: FleetHealth
}

/** One attempt of one step. The same (operation, step, attempt) never issues a second command. */
export interface StepContext extends StepTools {
  readonly operationId: OperationId
  readonly stepId: string
  readonly attempt: number
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

export interface StepResult {
  /** One phrase for the timeline. */
  readonly detail: string
  /** Written in the transaction that marks the step as done. */
  readonly alongside?: readonly Mutation[]
}

import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import type { Failure } from '../../shared/domain/operation.ts'

/** Times are Unix milliseconds. */
export type OperationStatus =
  | { readonly state: 'pending' }
  | { readonly state: 'running'; readonly startedAt: number }
  /** Undoing its steps; `ending` is how it ends. */
  | {
      readonly state: 'compensating'
      readonly startedAt: number
      readonly ending: 'failed' | 'cancelled'
      readonly failure: Failure
    }
  | { readonly state: 'done'; readonly startedAt: number; readonly endedAt: number; readonly output?: unknown }
  | {
      readonly state: 'failed'
      readonly startedAt: number
      readonly endedAt: number
      readonly failure: Failure
      /** Its steps were undone: there is nothing to resume. */
      readonly rolledBack: boolean
    }
  | { readonly state: 'cancelled'; readonly startedAt: number; readonly endedAt: number; readonly rolledBack: boolean }

/** Done, failed or cancelled: it holds no lock and nothing of it runs. */
export function isEnded({ state }: OperationStatus): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

export type OperationTransition =
  | { readonly to: 'running'; readonly at: number }
  | {
      readonly to: 'compensating'
      readonly at: number
      readonly ending: 'failed' | 'cancelled'
      readonly failure: Failure
    }
  | { readonly to: 'done'; readonly at: number; readonly output?: unknown }
  | { readonly to: 'failed'; readonly at: number; readonly failure: Failure }
  | { readonly to: 'cancelled'; readonly at: number }

/** The one door for an operation's state; a transition that makes no sense is a defect and throws. */
export function changeOperation(status: OperationStatus, transition: OperationTransition): OperationStatus {
  const startedAt = 'startedAt' in status ? status.startedAt : transition.at
  switch (transition.to) {
    case 'running':
      return status.state === 'done' || status.state === 'compensating' || isRolledBack(status)
        ? impossible(status.state, transition.to)
        : { state: 'running', startedAt }
    case 'compensating':
      return status.state === 'running'
        ? { state: 'compensating', startedAt, ending: transition.ending, failure: transition.failure }
        : impossible(status.state, transition.to)
    case 'done': {
      const output = transition.output === undefined ? {} : { output: transition.output }
      return status.state === 'running'
        ? { state: 'done', startedAt, endedAt: transition.at, ...output }
        : impossible(status.state, transition.to)
    }
    case 'failed': {
      const { at: endedAt, failure } = transition
      const rolledBack = status.state === 'compensating'
      return status.state === 'running' || status.state === 'compensating'
        ? { state: 'failed', startedAt, endedAt, failure, rolledBack }
        : impossible(status.state, transition.to)
    }
    case 'cancelled': {
      const rolledBack = status.state === 'compensating'
      return status.state === 'running' || status.state === 'pending' || status.state === 'compensating'
        ? { state: 'cancelled', startedAt, endedAt: transition.at, rolledBack }
        : impossible(status.state, transition.to)
    }
    default:
      return assertNever(transition)
  }
}

function isRolledBack(status: OperationStatus): boolean {
  return (status.state === 'failed' || status.state === 'cancelled') && status.rolledBack
}

export type StepStatus =
  | { readonly state: 'pending'; readonly attempt: number }
  /** Covers a command on its way: the dispatcher's outbox knows whether it has been delivered. */
  | { readonly state: 'running'; readonly attempt: number; readonly startedAt: number }
  | {
      readonly state: 'done'
      readonly attempt: number
      readonly startedAt: number
      readonly endedAt: number
      readonly detail: string
      /** What the program goes on with after a restart. */
      readonly result?: unknown
    }
  | {
      readonly state: 'compensated'
      readonly attempt: number
      readonly startedAt: number
      readonly endedAt: number
      readonly detail: string
    }
  | {
      readonly state: 'failed'
      readonly attempt: number
      readonly startedAt: number
      readonly endedAt: number
      readonly failure: Failure
    }

export type StepTransition =
  | { readonly to: 'running'; readonly at: number }
  | { readonly to: 'done'; readonly at: number; readonly detail: string; readonly result?: unknown }
  | { readonly to: 'failed'; readonly at: number; readonly failure: Failure }
  | { readonly to: 'compensated'; readonly at: number; readonly detail: string }
  /** Once more, with a new command: the next attempt. */
  | { readonly to: 'pending' }

/** The one door for a step's state. A running step may be taken up again after a restart: same attempt, same command. */
export function changeStep(status: StepStatus, transition: StepTransition): StepStatus {
  switch (transition.to) {
    case 'running':
      if (status.state === 'running') return status
      return status.state === 'pending'
        ? { state: 'running', attempt: status.attempt, startedAt: transition.at }
        : impossible(status.state, transition.to)
    case 'done': {
      const result = transition.result === undefined ? {} : { result: transition.result }
      return status.state === 'running'
        ? { ...status, state: 'done', endedAt: transition.at, detail: transition.detail, ...result }
        : impossible(status.state, transition.to)
    }
    case 'compensated': {
      if (status.state === 'pending' || status.state === 'compensated') return impossible(status.state, transition.to)
      const { attempt, startedAt } = status
      return { state: 'compensated', attempt, startedAt, endedAt: transition.at, detail: transition.detail }
    }
    case 'failed':
      return status.state === 'running'
        ? { ...status, state: 'failed', endedAt: transition.at, failure: transition.failure }
        : impossible(status.state, transition.to)
    case 'pending':
      return status.state === 'done' || status.state === 'compensated'
        ? impossible(status.state, transition.to)
        : { state: 'pending', attempt: status.attempt + 1 }
    default:
      return assertNever(transition)
  }
}

function impossible(from: string, to: string): never {
  throw new DroverError('internal', `impossible transition from ${from} to ${to}`)
}

import { DroverError } from '../../shared/domain/errors.ts'
import type { ItemKind, ItemResult, Reaction } from '../../shared/domain/manifest.ts'
import type { ConvergeRun } from './converge-run.ts'

/** One item of a manifest: how it is compared and how it is made so. */
export interface Step {
  readonly kind: ItemKind
  readonly name: string
  readonly reactions?: readonly Reaction[]
  /** Why it cannot be done now because something before it failed; null when it can. */
  blocked?(): Promise<string | null>
  /** What differs, for a person and without secrets; null when the machine is as wanted. Changes nothing. */
  difference(): Promise<string | null>
  change(): Promise<void>
}

/** Compares, and unless it is a dry run makes it so; failures become results. Throws only when the whole run was aborted. */
export async function settle(step: Step, run: ConvergeRun): Promise<void> {
  run.signal.throwIfAborted()
  const { kind, name } = step
  const record = (status: ItemResult['status'], detail?: string) =>
    run.record({ kind, name, status, ...(detail === undefined ? {} : { detail }) }, step.reactions)
  try {
    const difference = await step.difference()
    if (difference === null) return record('ok')
    if (run.dryRun) return record('would-change', difference)
    const blocked = (await step.blocked?.()) ?? null
    if (blocked !== null) return record('skipped', blocked)
    await run.reactions.plan(step.reactions ?? [])
    await step.change()
    record('changed', difference)
  } catch (error) {
    run.signal.throwIfAborted()
    record('failed', failureText(error))
  }
}

export function failureText(error: unknown): string {
  const { message, hint } = DroverError.from(error)
  return hint === undefined ? message : `${message} (${hint})`
}

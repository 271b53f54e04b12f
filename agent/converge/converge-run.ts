import type { ItemKind, ItemResult, Reaction } from '../../shared/domain/manifest.ts'
import type { ReactionLedger } from './reaction-ledger.ts'

/** What one pass over a manifest has found and done so far. */
export interface ConvergeRun {
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
  readonly reactions: ReactionLedger
  readonly results: readonly ItemResult[]
  record(result: ItemResult, reactions?: readonly Reaction[]): void
  hasFailed(kind: ItemKind, name?: string): boolean
  /** How many items failed or were skipped. */
  trouble(): number
  /** Units that an item which failed or was skipped would have acted on. */
  readonly troubledUnits: ReadonlySet<string>
}

export function createConvergeRun(options: {
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
  readonly reactions: ReactionLedger
}): ConvergeRun {
  const results: ItemResult[] = []
  const troubledUnits = new Set<string>()
  const isTrouble = ({ status }: ItemResult) => status === 'failed' || status === 'skipped'
  return {
    ...options,
    results,
    troubledUnits,
    record: (result, reactions = []) => {
      results.push(result)
      if (isTrouble(result)) for (const { unit } of reactions) troubledUnits.add(unit)
    },
    hasFailed: (kind, name) =>
      results.some(result => isTrouble(result) && result.kind === kind && (name === undefined || result.name === name)),
    trouble: () => results.filter(isTrouble).length,
  }
}

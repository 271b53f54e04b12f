import { didYouMean } from '../../../shared/domain/closest-word.ts'

/** Comparing with more words than these would take longer than a person wants to wait for a hint. */
const MOST_CANDIDATES = 1000

/** `Did you mean …?` of what the file declares, or undefined. */
export function suggestion(word: string, declared: ReadonlySet<string>): string | undefined {
  return declared.size > MOST_CANDIDATES ? undefined : didYouMean(word, [...declared])
}

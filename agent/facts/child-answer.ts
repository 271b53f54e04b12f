import type { ErrorCode } from '../../shared/domain/errors.ts'
import type { FsyncProbe, NodeFacts } from '../../shared/domain/facts.ts'

/** What the facts process prints: one line of JSON, written by this same code in the other process. */
export type ChildAnswer =
  | { readonly kind: 'facts'; readonly facts: NodeFacts }
  | { readonly kind: 'fsync'; readonly fsync: FsyncProbe }
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly message: string }

export function printChildAnswer(answer: ChildAnswer): string {
  return `${MARK}${JSON.stringify(answer)}\n`
}

/** null when the process died before its whole answer. Lines of others (a warning of the runtime) are passed over. */
export function parseChildAnswer(stdout: string): ChildAnswer | null {
  const line = stdout.split('\n').find(text => text.startsWith(MARK))
  if (line === undefined) return null
  try {
    return JSON.parse(line.slice(MARK.length)) as ChildAnswer
  } catch {
    return null
  }
}

const MARK = 'drover-facts '

import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'

/** One change: the SQL for the server, and the line for people, which never holds a secret. */
export interface Statement {
  readonly sql: string
  /** Absent: bookkeeping, which is no change for anybody. */
  readonly summary?: string
  /** What was found otherwise, property by property; absent where the summary says it all. */
  readonly differences?: readonly ObjectDifference[]
}

/** One change: the SQL for the server, and the line for people, which never holds a secret. */
export interface Statement {
  readonly sql: string
  /** Absent: bookkeeping, which is no change for anybody. */
  readonly summary?: string
}

/** Something in PostgreSQL that is not as it was declared. Never a password. */
export interface ObjectDifference {
  /** `user app`, `database app`, `schema app in app`. */
  readonly object: string
  /** `createdb`, `owner`, `statement_timeout`; absent: the whole of it. */
  readonly property?: string
  readonly expected: string
  readonly found: string
  /** What provisioning leaves as it is, since nobody has declared it: the SQL that would take it away. */
  readonly undo?: string
}

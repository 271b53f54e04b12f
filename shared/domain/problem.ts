/** An expected failure as a value: what is wrong, where, and what to do. Pure code returns these; it never throws them. */
export interface Problem {
  /** Stable, machine-readable, kebab-case: `unknown-key`, `too-few-nodes`. */
  readonly code: string
  readonly message: string
  /** Path inside the document: `clusters[0].members`. */
  readonly path?: string
  /** One-based position in the source file. */
  readonly line?: number
  readonly column?: number
  /** What to do about it. */
  readonly hint?: string
  readonly severity: 'error' | 'warning'
}

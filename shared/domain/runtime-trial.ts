import type { RuntimeId } from './runtime.ts'
import type { CollationVersions } from './upgrade-look.ts'

export interface RuntimeTrialArgs {
  /** Null: what is installed. */
  readonly runtime: RuntimeId | null
  /** Major version. */
  readonly postgresVersion: number
  /** Of the clusters that are to run it: `shared_preload_libraries`, and extensions in their databases. */
  readonly preload: readonly string[]
  readonly extensions: readonly string[]
}

export interface RuntimeTrial {
  /** `17.12`. */
  readonly serverVersion: string
  /** What `CREATE EXTENSION` made there: versions by name, those that others need included. */
  readonly extensions: Readonly<Record<string, string>>
  /** Every extension that its packages have, with the version that `CREATE` and `UPDATE` give. Absent from agents that are older. */
  readonly available?: Readonly<Record<string, string>>
  readonly collations?: CollationVersions
  /** Space that the runtime takes, bytes; 0 for what is installed. */
  readonly sizeBytes: number
  readonly tookMs: number
}

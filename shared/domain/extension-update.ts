import type { PostgresTarget } from './command.ts'
import type { InstalledExtension } from './upgrade-look.ts'

export interface UpdateExtensionsArgs extends PostgresTarget {
  /** Those that may be updated; one that is not installed there is left out. */
  readonly extensions: readonly { readonly database: string; readonly name: string }[]
}

export interface ExtensionUpdates {
  /** `version` is what they had. */
  readonly updated: readonly (InstalledExtension & { readonly to: string })[]
  /** What PostgreSQL said instead: the rest went on. */
  readonly refused: readonly (InstalledExtension & { readonly to: string; readonly because: string })[]
}

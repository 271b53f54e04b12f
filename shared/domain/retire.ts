import type { InstanceName } from './ids.ts'
import type { ObjectKind } from './object-reference.ts'

/** What databases and schemas are called until they are dropped begins so; no fleet file may declare such a name. */
export const HIDDEN_PREFIX = 'drover_removed_'

export interface RetireArgs {
  readonly instance: InstanceName
  readonly socketDirectory: string
  readonly port: number
  readonly items: readonly RetireItem[]
}

export interface RetireItem {
  /**
   * `hide`: nobody reaches it any more, and all of it is kept. `restore`: back under its name. `drop`: for ever; only what was hidden,
   * once its time has come.
   */
  readonly action: 'hide' | 'restore' | 'drop'
  readonly kind: ObjectKind
  readonly name: string
  /** Of schemas and extensions: where they live, whatever that is called now. */
  readonly database?: string
  /** Of databases and schemas: their name while they are hidden. */
  readonly hiddenAs?: string
  /** Of a drop. Unix milliseconds. */
  readonly notBefore?: number
  /** Somebody asked for it by name: its time need not have come. */
  readonly early?: boolean
}

export interface RetireResult {
  readonly changes: readonly string[]
  /** What could not be dropped, and what stands against it. */
  readonly blocked: readonly {
    readonly kind: ObjectKind
    readonly name: string
    readonly database?: string
    readonly because: string
  }[]
}

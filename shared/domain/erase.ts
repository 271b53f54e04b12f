import type { InstanceName } from './ids.ts'

/** Which departed instance's data are to be deleted. */
export interface EraseArgs {
  readonly instance: InstanceName
  readonly dataDirectory: string
  /** The end of its tombstone, Unix milliseconds: before it nothing is deleted. */
  readonly notBefore: number
  /** Somebody has asked by name for the data to go before that. */
  readonly early: boolean
}

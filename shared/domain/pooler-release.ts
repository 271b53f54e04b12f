export interface PoolerRelease {
  /** How long it was held; absent when this agent does not know. */
  readonly heldMs?: number
  /** Why HAProxy could not be told; its own check finds the primary a little later. */
  readonly notRouted?: string
}

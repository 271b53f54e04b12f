/** Who is primary, ahead of HAProxy's own next check. */
export interface HaproxyRouteArgs {
  readonly socketPath: string
  readonly section: string
  /** The one server that is up. */
  readonly to: string
  /** Those that are not. */
  readonly notTo: readonly string[]
}

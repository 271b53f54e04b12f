/** What has gone through one member, each part counted from a moment of its own: only differences mean something. */
export interface ActivityCounters {
  /** Unix milliseconds, agent clock. */
  readonly at: number
  /** Absent: the server did not answer. Without the databases `postgres` and templates, in which Drover and Patroni themselves look. */
  readonly server?: ServerCounters
  /** Its poolers together, theirs to the primary included. Absent: one did not answer. */
  readonly poolers?: PoolerCounters
  /** Absent: the log cannot be read. */
  readonly log?: LogCounters
}

/** pg_stat_database. */
export interface ServerCounters {
  readonly commits: number
  /** Whoever rolled back: clients by their own wish, too. */
  readonly rollbacks: number
  /** Sessions that an administrator, a stop or a failover ended. */
  readonly killed: number
}

/** SHOW STATS of PgBouncer. */
export interface PoolerCounters {
  readonly transactions: number
  /** Time in transactions, and time that clients waited for a server, milliseconds. */
  readonly transactionMs: number
  readonly waitMs: number
}

/** Lines of PostgreSQL's log by severity, since the agent was started. */
export interface LogCounters {
  readonly panics: number
  readonly fatals: number
  readonly errors: number
}

/** One member's counters as its agent remembers them. */
export interface InstanceActivity {
  readonly now: ActivityCounters
  /** The oldest of the last hour; absent: the agent has been running for a moment only. */
  readonly before?: ActivityCounters
}

/** What went through a member, or a whole cluster, in a time. Parts of which one end is not known are absent. */
export interface ActivityWindow {
  readonly ms: number
  readonly server?: ServerCounters
  readonly poolers?: PoolerCounters
  readonly log?: LogCounters
}

/** From one look to a later one. Counters that were set back in between count from there. Pure. */
export function activityBetween(from: ActivityCounters, to: ActivityCounters): ActivityWindow {
  return {
    ms: Math.max(0, to.at - from.at),
    ...part('server', from.server, to.server),
    ...part('poolers', from.poolers, to.poolers),
    ...part('log', from.log, to.log),
  }
}

/** Of the members of a cluster: as long as the longest. Pure. */
export function activityTogether(windows: readonly ActivityWindow[]): ActivityWindow {
  return windows.reduce<ActivityWindow>(
    (sum, each) => ({
      ms: Math.max(sum.ms, each.ms),
      ...together('server', sum.server, each.server),
      ...together('poolers', sum.poolers, each.poolers),
      ...together('log', sum.log, each.log),
    }),
    { ms: 0 },
  )
}

type Part = ServerCounters | PoolerCounters | LogCounters

function part<Name extends string, Counters extends Part>(
  name: Name,
  from: Counters | undefined,
  to: Counters | undefined,
): { readonly [K in Name]?: Counters } {
  if (from === undefined || to === undefined) return {}
  const before = new Map(Object.entries(from))
  const grown = Object.entries(to).map(([key, value]) => {
    const was = before.get(key) ?? 0
    return [key, value >= was ? value - was : value]
  })
  return { [name]: Object.fromEntries(grown) } as { readonly [K in Name]?: Counters }
}

function together<Name extends string, Counters extends Part>(
  name: Name,
  left: Counters | undefined,
  right: Counters | undefined,
): { readonly [K in Name]?: Counters } {
  if (left === undefined && right === undefined) return {}
  const other = new Map(Object.entries(right ?? {}))
  const sum = Object.fromEntries(
    Object.keys(left ?? right ?? {}).map(key => [
      key,
      (new Map(Object.entries(left ?? {})).get(key) ?? 0) + (other.get(key) ?? 0),
    ]),
  )
  return { [name]: sum } as { readonly [K in Name]?: Counters }
}

import type { InstanceName } from './ids.ts'
import type { PatroniTarget } from './patroni-target.ts'

export interface PatroniSurveyArgs extends PatroniTarget {
  /** The other members, as this node reaches their Patronis with its own certificate, and their servers. */
  readonly others: readonly {
    readonly instance: InstanceName
    readonly patroniUrl: string
    readonly address: string
    readonly postgresPort: number
  }[]
}

export interface PatroniSurvey {
  /** Who holds the lease; absent: nobody. */
  readonly leader?: InstanceName
  readonly paused: boolean
  readonly members: readonly {
    readonly instance: InstanceName
    readonly state: string
    /** Named in Patroni's `/sync` key: it has every commit that was acknowledged as synchronous. */
    readonly synchronous: boolean
    /** WAL that it lacks of what the primary last told Patroni; absent where that is unknown, and of the leader. */
    readonly lagBytes?: number
    readonly noFailover: boolean
  }[]
  /**
   * Who answers this member, itself included, and what its Patroni says that its PostgreSQL is. `unknown`: its Patroni does not
   * answer, and its PostgreSQL does.
   */
  readonly answers: readonly { readonly instance: InstanceName; readonly role: string; readonly state: string }[]
  /** Longest time that Patroni lets the primary's lease live without a sign of life, and its rhythm of looking. */
  readonly ttlSeconds: number
  readonly loopWaitSeconds: number
  /** The last promotion that Patroni remembers. */
  readonly lastPromotion?: { readonly instance: InstanceName; readonly ageMs: number }
}

import type { InstanceName } from './ids.ts'
import type { DriftReport } from './observation.ts'
import type { ServerSetting } from './server-settings.ts'

/**
 * What an agent found when it looked closely: its host against its manifest, and its servers as they are. An agent looks by itself
 * about once a minute, and whenever it is asked to. Looking changes nothing, so nobody signs the question.
 */
export interface Look {
  /** Number of the last question that was asked before this look began; 0: nobody asked. */
  readonly answers: number
  /** Absent: nothing was applied yet, or a command is just changing the host. */
  readonly drift?: DriftReport
  readonly servers: readonly ServerLook[]
}

export type ServerLook =
  | {
      readonly instance: InstanceName
      /** Of the survey: another digest, another survey. */
      readonly digest: string
      /** Absent: this session has been told the one of this digest before. */
      readonly survey?: ServerSurvey
      /** Digest of roles, databases and what is in them; only of a server that takes writes. */
      readonly contents?: string
    }
  | { readonly instance: InstanceName; readonly why: string }

/** A server and its Patroni at rest: nothing in it moves with the load. No passwords, no connection strings. */
export interface ServerSurvey {
  /** Everything that Patroni or a configuration file sets. */
  readonly settings: readonly ServerSetting[]
  readonly hba: {
    /** Lines of the file that say something, in order. */
    readonly lines: readonly string[]
    /** What the server does not understand of it: it goes on with the rules that it had. */
    readonly errors: readonly string[]
    /** The file has changed since the server last read its configuration. */
    readonly isUnread: boolean
  }
  readonly slots: readonly { readonly name: string; readonly type: string }[]
  /** Patroni's dynamic configuration, as it is in etcd. */
  readonly config: Readonly<Record<string, unknown>>
  /** Members that Patroni knows of. */
  readonly members: readonly { readonly name: string; readonly tags: Readonly<Record<string, unknown>> }[]
}

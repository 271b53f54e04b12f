export interface ServerSetting {
  readonly name: string
  /** In the base unit, as `pg_settings` has it; absent when the server knows no such setting. */
  readonly running?: string
  /** The same with its unit, for people. */
  readonly shown?: string
  readonly unit?: string
  /** bool, integer, real, string, enum. */
  readonly type?: string
  /** The last line that sets it, `postgresql.auto.conf` included; absent: no file sets it. */
  readonly file?: string
  /**
   * Where that line is: in the file that Patroni writes, in the one that ALTER SYSTEM writes, or in another one, such as the one
   * that the server was born with.
   */
  readonly from?: 'patroni' | 'alter-system' | 'other'
  /** The server waits for a restart to take what the file says. */
  readonly pending: boolean
  /** The server's word on the line when it cannot take it at all. */
  readonly refused?: string
}

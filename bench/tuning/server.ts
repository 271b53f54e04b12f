import type { BenchHost } from './bench-host.ts'
import type { Settings } from './machine.ts'
import { DATABASE, postgres, SOCKETS } from './postgres.ts'

/** What a server has done up to some moment, or between two. */
export interface Activity {
  readonly walBytes: number
  readonly checkpoints: number
}

/** The server of one contender. It is stopped where it is while others have their turn. */
export interface Server {
  readonly port: number
  thaw(): Promise<void>
  freeze(): Promise<void>
  activity(): Promise<Activity>
}

/**
 * Makes the content that all contenders get: pgbench's tables, vacuumed, with page checksums, and WAL segments to be used
 * again, as a server has that has run for a while. Answers the size of the database in bytes.
 */
export async function makeContent(exec: BenchHost['exec'], scale: number): Promise<number> {
  const template = postgres(exec, 0)
  const { directory, port } = template
  await exec(['install', '--directory', '--owner=postgres', '--group=postgres', '--mode=0700', directory])
  const init = ['--pgdata', directory, '--data-checksums', '--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust']
  await template.program('initdb', [...init, '--no-sync'])
  await template.run({ min_wal_size: '512MB', max_wal_size: '1GB', wal_compression: 'lz4' })
  const connection = ['--host', SOCKETS, '--port', String(port)]
  await template.program('createdb', [...connection, DATABASE])
  await template.program('pgbench', [...connection, '--initialize', '--quiet', '--scale', String(scale), DATABASE])
  await template.sql('create extension pg_prewarm')
  const bytes = Number(await template.sql(`select pg_database_size('${DATABASE}')`))
  await template.stop()
  return bytes
}

export interface StartServer {
  readonly exec: BenchHost['exec']
  /** From 1. */
  readonly number: number
  readonly settings: Settings
}

/** A copy of the content under these settings, its tables in memory as far as they fit; frozen. */
export async function startServer({ exec, number, settings }: StartServer): Promise<Server> {
  const server = postgres(exec, number)
  await exec(['cp', '--archive', postgres(exec, 0).directory, server.directory], { timeoutMs: 600_000 })
  await server.run(settings)
  await server.sql("select pg_prewarm('pgbench_accounts'), pg_prewarm('pgbench_accounts_pkey')")
  // The copy is on the disk before anything is measured.
  await exec(['sync'], { timeoutMs: 600_000 })
  const freeze = (): Promise<void> => server.signal('SIGSTOP')
  await freeze()
  return { port: server.port, freeze, thaw: () => server.signal('SIGCONT'), activity }

  async function activity(): Promise<Activity> {
    const written = "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
    const answer = await server.sql(`select ${written}, num_timed + num_requested from pg_stat_checkpointer`)
    const [walBytes = Number.NaN, checkpoints = Number.NaN] = answer.split('|').map(Number)
    return { walBytes, checkpoints }
  }
}

import { DATA_ROOT } from '../../orchestrator/plan/node-view.ts'
import { type BenchHost, POSTGRES_BIN } from './bench-host.ts'
import type { Settings } from './machine.ts'

export const DATABASE = 'bench'
/** Folder of the server's socket; clients are on the same host. */
export const SOCKETS = '/run/postgresql'
const TEMPLATE = `${DATA_ROOT}/template`
const DATA = `${DATA_ROOT}/data`
const UNIT = 'bench-postgres.service'

/** Equal for all contenders, and set last: what is measured is tuning, not promises that were given up. */
const EQUAL_FOR_ALL: Settings = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  archive_mode: 'off',
  listen_addresses: '',
  unix_socket_directories: SOCKETS,
}

/** What one slice of work did to the server, or has done up to some moment. */
export interface Activity {
  readonly walBytes: number
  readonly checkpoints: number
}

/** PostgreSQL on the host, one at a time, always from the same content. */
export interface Server {
  /** Makes the content: pgbench's tables, vacuumed, with page checksums. Answers the size of the database in bytes. */
  makeTemplate(scale: number): Promise<number>
  /** A fresh copy of the content under these settings, its tables in memory as far as they fit. */
  start(settings: Settings): Promise<void>
  stop(): Promise<void>
  activity(): Promise<Activity>
}

export function createServer({ exec }: Pick<BenchHost, 'exec'>): Server {
  return { makeTemplate, start, stop, activity }

  async function makeTemplate(scale: number): Promise<number> {
    await exec(['install', '--directory', '--owner=postgres', '--group=postgres', '--mode=0700', TEMPLATE])
    const init = ['--pgdata', TEMPLATE, '--data-checksums', '--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust']
    await asPostgres(['initdb', ...init, '--no-sync'])
    // Leaves WAL segments to be used again, as a server has that has run for a while.
    await run(TEMPLATE, { ...EQUAL_FOR_ALL, min_wal_size: '1GB', max_wal_size: '2GB', wal_compression: 'lz4' })
    try {
      await asPostgres(['createdb', '--host', SOCKETS, DATABASE])
      await asPostgres(['pgbench', '--host', SOCKETS, '--initialize', '--quiet', '--scale', String(scale), DATABASE])
      await sql('create extension pg_prewarm')
      return Number(await sql(`select pg_database_size('${DATABASE}')`))
    } finally {
      await stop()
    }
  }

  async function start(settings: Settings): Promise<void> {
    // The copy is on the disk before anything is measured.
    await exec(['sh', '-c', `rm -rf ${DATA} && cp --archive ${TEMPLATE} ${DATA} && sync`], { timeoutMs: 600_000 })
    await run(DATA, { ...settings, ...EQUAL_FOR_ALL })
    await sql("select pg_prewarm('pgbench_accounts'), pg_prewarm('pgbench_accounts_pkey')")
  }

  async function run(directory: string, settings: Settings): Promise<void> {
    await exec(['tee', `${directory}/postgresql.conf`], { input: configurationFile(settings) })
    const service = ['--service-type=notify', '--uid=postgres', '--property=KillMode=mixed']
    // SIGINT is PostgreSQL's fast shutdown: its last checkpoint takes what it takes.
    const ending = ['--property=KillSignal=SIGINT', '--property=TimeoutStopSec=600', '--collect']
    const program = [`${POSTGRES_BIN}/postgres`, '-D', directory]
    await exec(['systemd-run', '--quiet', `--unit=${UNIT}`, ...service, ...ending, ...program], { timeoutMs: 120_000 })
  }

  async function stop(): Promise<void> {
    await exec(['systemctl', 'stop', UNIT], { timeoutMs: 600_000 })
  }

  async function activity(): Promise<Activity> {
    const answer = await sql(
      "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'), num_timed + num_requested from pg_stat_checkpointer",
    )
    const [walBytes, checkpoints] = answer.split('|').map(Number)
    return { walBytes: walBytes ?? Number.NaN, checkpoints: checkpoints ?? Number.NaN }
  }

  async function sql(statement: string): Promise<string> {
    const options = ['--no-psqlrc', '--no-align', '--tuples-only', '--host', SOCKETS, '--dbname', DATABASE]
    return (await asPostgres(['psql', ...options, '--command', statement])).trim()
  }

  function asPostgres([program = '', ...args]: readonly string[]): Promise<string> {
    return exec(['runuser', '--user=postgres', '--', `${POSTGRES_BIN}/${program}`, ...args], { timeoutMs: 900_000 })
  }
}

/** Settings as postgresql.conf reads them. */
export function configurationFile(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')
}

import { DATA_ROOT } from '../../orchestrator/plan/node-view.ts'
import { type BenchHost, POSTGRES_BIN } from './bench-host.ts'
import type { Settings } from './machine.ts'

export const DATABASE = 'bench'
/** Folder of the servers' sockets; clients are on the same host. */
export const SOCKETS = '/run/postgresql'

/** Equal for all contenders, and set last: what is measured is tuning, not promises that were given up. */
const EQUAL_FOR_ALL: Settings = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  archive_mode: 'off',
  listen_addresses: '',
  unix_socket_directories: SOCKETS,
}

/** One PostgreSQL server of the host: a data directory and a port of its own. */
export interface Postgres {
  readonly directory: string
  readonly port: number
  run(settings: Settings): Promise<void>
  stop(): Promise<void>
  /** Stops or continues all its processes where they are. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Runs one of PostgreSQL's programs as its user. */
  program(name: string, args: readonly string[]): Promise<string>
  sql(statement: string): Promise<string>
}

/** The server with this number; 0 is the one that makes the content for the others. */
export function postgres(exec: BenchHost['exec'], number: number): Postgres {
  const directory = `${DATA_ROOT}/bench-${number}`
  const port = 5432 + number
  const unit = `bench-postgres-${number}.service`
  return { directory, port, run, stop, signal, program, sql }

  async function run(settings: Settings): Promise<void> {
    const text = configurationFile({ ...settings, ...EQUAL_FOR_ALL, port: String(port) })
    await exec(['tee', `${directory}/postgresql.conf`], { input: text })
    const service = ['--service-type=notify', '--uid=postgres', '--property=KillMode=mixed']
    // SIGINT is PostgreSQL's fast shutdown: its last checkpoint takes what it takes.
    const ending = ['--property=KillSignal=SIGINT', '--property=TimeoutStopSec=600', '--collect']
    const argv = [`${POSTGRES_BIN}/postgres`, '-D', directory]
    await exec(['systemd-run', '--quiet', `--unit=${unit}`, ...service, ...ending, ...argv], { timeoutMs: 120_000 })
  }

  async function stop(): Promise<void> {
    await exec(['systemctl', 'stop', unit], { timeoutMs: 600_000 })
  }

  async function signal(name: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    await exec(['systemctl', 'kill', '--kill-whom=all', `--signal=${name}`, unit])
  }

  function program(name: string, args: readonly string[]): Promise<string> {
    return exec(['runuser', '--user=postgres', '--', `${POSTGRES_BIN}/${name}`, ...args], { timeoutMs: 900_000 })
  }

  async function sql(statement: string): Promise<string> {
    const connection = ['--host', SOCKETS, '--port', String(port), '--dbname', DATABASE]
    const answer = await program('psql', ['-qXAt', ...connection, '--command', statement])
    return answer.trim()
  }
}

/** Settings as postgresql.conf reads them. */
function configurationFile(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')
}

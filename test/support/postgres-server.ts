import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from './wait-until.ts'

/** A PostgreSQL of this machine's packages, alone in a temporary folder, that only its own account may enter. */
export interface PostgresServer extends AsyncDisposable {
  readonly socketDirectory: string
  readonly port: number
  /** Rows of one statement, each its columns joined by `|`. Throws what the server says. */
  readonly sql: (statement: string, database?: string) => readonly string[]
  /** Everything that the server has written so far. */
  readonly log: () => Promise<string>
  readonly stop: () => Promise<void>
}

const PORT = 5432
/** PostgreSQL refuses to run as root. */
const AS_POSTGRES = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=KILL', '--']

/** `settings` as in postgresql.conf. Needs root, to become the account `postgres`. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-postgres-'))
  execFileSync('chown', ['postgres:postgres', folder])
  const bin = await newestBinaries()
  const data = join(folder, 'data')
  const initdb = [
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=peer',
    '--locale=C.UTF-8',
    '--encoding=UTF8',
    '--no-sync',
  ]
  run([...AS_POSTGRES, ...initdb], folder)
  const child = serve({ bin, data, folder, settings })
  const log = (): Promise<string> => readFile(join(folder, 'server.log'), 'utf8')
  const sql = (statement: string, database = 'postgres'): readonly string[] => {
    const options = [
      '-X',
      '-q',
      '-A',
      '-t',
      '-v',
      'ON_ERROR_STOP=1',
      '-h',
      folder,
      '-p',
      String(PORT),
      '-U',
      'postgres',
    ]
    const answer = run([...AS_POSTGRES, join(bin, 'psql'), ...options, '-d', database, '-c', statement], folder)
    return answer.split('\n').filter(line => line !== '')
  }
  const stop = async (): Promise<void> => {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGQUIT')) await gone
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await waitUntil(() => answers(sql), 30_000)
  } catch (error) {
    process.stderr.write(await log().catch(() => ''))
    await stop()
    throw error
  }
  return { socketDirectory: folder, port: PORT, sql, log, stop, [Symbol.asyncDispose]: stop }
}

async function newestBinaries(): Promise<string> {
  const versions = (await readdir('/usr/lib/postgresql')).map(Number).sort((a, b) => b - a)
  return `/usr/lib/postgresql/${versions[0]}/bin`
}

function serve({
  bin,
  data,
  folder,
  settings,
}: {
  readonly bin: string
  readonly data: string
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
}): ChildProcess {
  const all = {
    listen_addresses: '',
    unix_socket_directories: folder,
    port: String(PORT),
    shared_buffers: '16MB',
    fsync: 'off',
    logging_collector: 'off',
    ...settings,
  }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...args] = [
    ...AS_POSTGRES,
    'sh',
    '-c',
    'exec "$0" "$@" 2>server.log',
    join(bin, 'postgres'),
    '-D',
    data,
    ...options,
  ]
  return spawn(program, args, { cwd: folder, stdio: 'ignore' })
}

function run(argv: readonly string[], cwd: string): string {
  const [program = '', ...args] = argv
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function answers(sql: PostgresServer['sql']): true | null {
  try {
    return sql('select 1').length === 1 ? true : null
  } catch {
    return null
  }
}

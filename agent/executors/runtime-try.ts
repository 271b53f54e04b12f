import { DroverError } from '../../shared/domain/errors.ts'
import { isRuntimeId, programsBelow, RUNTIMES, runtimePrefix } from '../../shared/domain/runtime.ts'
import type { RuntimeTrialArgs } from '../../shared/domain/runtime-trial.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Exec, HostAccounts } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'
import { type Trial, trialSql } from './runtime-trial-sql.ts'

/** No TCP port is opened: this only names the socket. */
const PORT = 5432
const STEP_TIMEOUT_MS = 120_000
/** Of the log of a server that does not start. */
const SHOWN_LOG = 600

export interface RuntimeTryParts {
  readonly files: Pick<HostFiles, 'readText' | 'writeAtomic' | 'remove' | 'list' | 'mkdir'>
  readonly accounts: HostAccounts
  readonly exec: Exec
  readonly monotonic: () => number
}

/**
 * A server of that runtime on a data directory of its own, with what the clusters load and create, restarted once. It listens on a
 * socket in a folder that only its own account can enter, and is gone afterwards, also when a former trial was cut off.
 */
export function createRuntimeTry(parts: RuntimeTryParts): Executor<'runtime.try'> {
  const { files, monotonic } = parts
  return async ({ args, signal, progress }) => {
    refuseOddNames(args)
    const since = monotonic()
    const programs = programsBelow(runtimePrefix(args.runtime ?? undefined), args.postgresVersion)
    const folder = `${RUNTIMES}/.trial`
    const data = `${folder}/data`
    await endTrial()
    try {
      progress(`trying runtime ${args.runtime ?? 'installed'}`)
      await makeFolder()
      await run('initdb', ['--pgdata', data, '--no-sync', '--username=postgres', '--locale=C.UTF-8', '--encoding=UTF8'])
      await files.writeAtomic({ path: `${data}/postgresql.auto.conf`, content: settings(folder, args), mode: 0o644 })
      await start()
      const trial = await look()
      await run('pg_ctl', ['--pgdata', data, '--mode=fast', 'stop'])
      await start()
      if (trial.trouble.length > 0) throw refused(args, trial.trouble.join('; '))
      const { trouble: _none, ...found } = trial
      return { ...found, sizeBytes: await size(), tookMs: Math.round(monotonic() - since) }
    } finally {
      await endTrial()
    }

    async function makeFolder(): Promise<void> {
      const owner = await parts.accounts.user('postgres')
      if (owner === null)
        throw new DroverError('not-found', 'this host has no user postgres: nothing was installed yet')
      await files.mkdir({ path: RUNTIMES, mode: 0o755 })
      await files.mkdir({ path: folder, mode: 0o700, uid: owner.uid, gid: owner.gid })
    }

    async function start(): Promise<void> {
      await run('pg_ctl', ['--pgdata', data, '--wait', `--log=${folder}/log`, 'start'])
    }

    async function look(): Promise<Trial> {
      const libraries = await librariesOf(args)
      const sql = trialSql({ libraries, extensions: args.extensions })
      try {
        const target = { socketDirectory: folder, port: PORT, database: 'postgres' }
        return JSON.parse(await psql({ ...target, exec: parts.exec, sql, signal })) as Trial
      } catch (error) {
        signal.throwIfAborted()
        throw refused(args, `${DroverError.from(error).message}; ${await lastWords()}`)
      }
    }

    async function run(program: string, options: readonly string[]): Promise<void> {
      const { code, stderr, stdout } = await parts.exec({
        argv: [`${programs}/${program}`, ...options],
        user: 'postgres',
        timeoutMs: STEP_TIMEOUT_MS,
        signal,
      })
      if (code === 0) return
      const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? ''
      throw refused(args, `${program}: ${said}; ${await lastWords()}`)
    }

    async function lastWords(): Promise<string> {
      const log = (await files.readText(`${folder}/log`)) ?? ''
      const lines = log.split('\n').filter(line => /FATAL|PANIC|ERROR|terminated|loading/.test(line))
      return lines.join('; ').slice(-SHOWN_LOG)
    }

    /** Also what an agent that was killed left running. */
    async function endTrial(): Promise<void> {
      const ending = new AbortController().signal
      if ((await files.readText(`${data}/postmaster.pid`)) !== null)
        await parts.exec({
          argv: [`${programs}/pg_ctl`, '--pgdata', data, '--mode=immediate', 'stop'],
          user: 'postgres',
          timeoutMs: STEP_TIMEOUT_MS,
          signal: ending,
        })
      await files.remove({ path: folder, recursive: true })
    }

    async function size(): Promise<number> {
      if (args.runtime === null) return 0
      const argv = ['du', '--summarize', '--block-size=1', `${RUNTIMES}/${args.runtime}`] as const
      const { stdout } = await parts.exec({ argv, timeoutMs: STEP_TIMEOUT_MS, signal })
      return Number(/^\d+/.exec(stdout)?.[0] ?? 0)
    }
  }

  async function librariesOf({ runtime, postgresVersion }: RuntimeTrialArgs): Promise<readonly string[]> {
    const folder = `${runtimePrefix(runtime ?? undefined)}/lib/postgresql/${postgresVersion}/lib`
    const names = (await files.list(folder)) ?? []
    return names.flatMap(name => /^([\w.+-]+)\.so$/.exec(name)?.[1] ?? [])
  }
}

/** A trial is small and need not survive a power cut. */
function settings(folder: string, { preload }: RuntimeTrialArgs): string {
  const lines = {
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: folder,
    shared_preload_libraries: preload.join(','),
    shared_buffers: '16MB',
    max_connections: '20',
    fsync: 'off',
    logging_collector: 'off',
  }
  return Object.entries(lines)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('')
}

/** These names become text of SQL, settings and paths. */
function refuseOddNames({ runtime, preload, extensions }: RuntimeTrialArgs): void {
  const odd = [...preload, ...extensions].find(name => !/^[\w$/.+-]+$/.test(name))
  if (odd !== undefined) throw new DroverError('invalid', `${odd} is no name of a library or an extension`)
  if (runtime !== null && !isRuntimeId(runtime)) throw new DroverError('invalid', `${runtime} is no name of a runtime`)
}

function refused({ runtime }: RuntimeTrialArgs, why: string): DroverError {
  return new DroverError('failed', `runtime ${runtime ?? 'installed'} does not work here: ${why}`, { retryable: false })
}

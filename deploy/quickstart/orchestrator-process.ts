import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Lab } from '../lab/lab.ts'
import { waitUntil } from '../lab/wait-until.ts'
import type { DroverCommand } from './drover-command.ts'

export interface OrchestratorProcess {
  readonly lab: Lab
  /** The orchestrator's state; `serve.log` and `serve.pid` are in it too. */
  readonly directory: string
  readonly drover: DroverCommand
  readonly signal: AbortSignal
}

/** Starts the orchestrator in the lab's network, unless it answers already, and waits until it does. It ends with the lab. */
export async function startOrchestrator({ lab, directory, drover, signal }: OrchestratorProcess): Promise<void> {
  if (await answers(drover)) return
  const argv = await lab.inNamespaceCommand([...drover.argv, 'serve', '--dir', directory])
  const [program, ...rest] = argv
  if (program === undefined) throw new DroverError('internal', 'an empty command')
  const logFile = join(directory, 'serve.log')
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(program, rest, { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  child.unref()
  let exitCode: number | null = null
  child.once('exit', code => {
    exitCode = code ?? 1
  })
  await writeFile(join(directory, 'serve.pid'), `${child.pid}\n`)
  await waitUntil({
    what: 'the orchestrator to answer',
    timeoutMs: 30_000,
    intervalMs: 200,
    signal,
    check: async () => {
      if (exitCode !== null)
        throw new DroverError('failed', `the orchestrator ended with ${exitCode}`, { hint: `read ${logFile}` })
      return answers(drover)
    },
  })
}

/** SIGTERM, and the time it takes to say goodbye to its agents. */
export async function stopOrchestrator({
  directory,
  signal,
}: Pick<OrchestratorProcess, 'directory' | 'signal'>): Promise<void> {
  const pidFile = join(directory, 'serve.pid')
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (pid > 0 && (await isOrchestrator(pid, directory))) {
    process.kill(pid, 'SIGTERM')
    await waitUntil({
      what: 'the orchestrator to stop',
      timeoutMs: 15_000,
      intervalMs: 100,
      signal,
      check: async () => !(await isOrchestrator(pid, directory)),
    })
  }
  await rm(pidFile, { force: true })
}

/** A pid file may be older than the process that has its number now. */
async function isOrchestrator(pid: number, directory: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return commandLine.split('\0').includes(directory)
}

async function answers(drover: DroverCommand): Promise<boolean> {
  return (await drover.run(['node', 'list', '--json'])).code === 0
}

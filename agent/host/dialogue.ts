import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type ExecCommandOptions, signalGroup, startProgram } from './exec.ts'

/** See {@link ExecCommandOptions}. */
export type DialogueOptions = Pick<ExecCommandOptions, 'argv' | 'account'>

/** A program that reads what it is told and answers on stderr, until one of both ends it. It never outlives the agent's pipes. */
export interface Dialogue {
  say(text: string): void
  /** Its next line; null when it has ended. */
  hear(): Promise<string | null>
  /** Ends the program: it has no more to read, and a moment later it is killed. */
  close(): void
  /** Kills it; resolves when it is gone, and nothing that it was told can be done any more. */
  kill(): Promise<void>
}

const GRACE_MS = 200

export function openDialogue(options: DialogueOptions): Dialogue {
  const child = startProgram(options)
  // A program that cannot be started, or that ends while it is told something, has no more lines; that is how one learns of it.
  const gone = goneOf(child)
  child.on('error', () => undefined)
  child.stdin?.on('error', () => undefined)
  child.stdout?.resume()
  const lines = child.stderr === null ? null : createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  return {
    say: text => void child.stdin?.write(text),
    hear: async () => {
      const heard = await lines?.next()
      return heard === undefined || heard.done === true ? null : heard.value
    },
    close: () => {
      child.stdin?.end()
      const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
      void gone.then(() => clearTimeout(killer))
    },
    kill: () => {
      signalGroup(child, 'SIGKILL')
      return gone
    },
  }
}

/** Resolves when it has ended, or was never started. */
function goneOf(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.once('error', () => resolve())
  return promise
}

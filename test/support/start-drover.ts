import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestFleet } from './fleet.ts'

/** A command of the CLI that runs beside the test. */
export interface RunningDrover {
  /** Resolves when a line of its progress has these words, or is the one that is meant; rejects when it ends without. */
  readonly says: (words: string | ((line: string) => boolean)) => Promise<void>
  /** Its progress so far. */
  readonly said: () => string
  readonly ended: () => Promise<number | null>
}

export function startDrover(fleet: Pick<TestFleet, 'droverArgv'>, args: readonly string[]): RunningDrover {
  const [program = '', ...options] = fleet.droverArgv
  const child = spawn(program, [...options, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of waiting) look()
  }
  createInterface(child.stderr).on('line', line => {
    lines.push(line)
    wake()
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  let over = false
  void ended.finally(() => {
    over = true
    wake()
  })
  return {
    says: words =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (lines.some(line => (typeof words === 'string' ? line.includes(words) : words(line)))) resolve()
          else if (over)
            reject(
              new Error(
                `it never said ${typeof words === 'string' ? `'${words}'` : 'what was waited for'}:\n${lines.join('\n')}`,
              ),
            )
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    said: () => lines.join('\n'),
    ended: () => ended,
  }
}

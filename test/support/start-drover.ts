import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestFleet } from './fleet.ts'

/** A command of the CLI that runs beside the test. */
export interface RunningDrover {
  /** Resolves when its progress shows these words; rejects when it ends without. */
  readonly says: (words: string) => Promise<void>
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
          if (lines.some(line => line.includes(words))) resolve()
          else if (over) reject(new Error(`it never said '${words}':\n${lines.join('\n')}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    ended: () => ended,
  }
}

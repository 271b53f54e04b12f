import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestFleet } from './fleet.ts'

export interface InterruptedApply {
  readonly code: number | null
  readonly stderr: string
}

/**
 * Starts an apply, kills the orchestrator as soon as the progress shows these words, and starts it again. Answers how
 * the CLI, which waits for it, ended.
 */
export async function interruptApply(fleet: TestFleet, file: string, words: string): Promise<InterruptedApply> {
  return disturbApply({
    fleet,
    file,
    when: line => line.includes(words),
    disturb: () => fleet.killOrchestrator().then(fleet.startOrchestrator),
  })
}

/** Starts an apply and lets something happen, once, at the first line of progress that is meant. `said` tells what it has told so far. */
export async function disturbApply({
  fleet,
  file,
  when,
  disturb,
}: {
  readonly fleet: TestFleet
  readonly file: string
  readonly when: (line: string) => boolean
  readonly disturb: (said: () => string) => Promise<void>
}): Promise<InterruptedApply> {
  const [program = '', ...args] = fleet.droverArgv
  const child = spawn(program, [...args, 'apply', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  let disturbance: Promise<void> | undefined
  createInterface(child.stderr).on('line', line => {
    lines.push(line)
    if (when(line)) disturbance ??= disturb(() => lines.join('\n'))
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (disturbance === undefined) throw new Error(`apply ended with ${code} undisturbed:\n${lines.join('\n')}`)
  await disturbance
  return { code, stderr: lines.join('\n') }
}

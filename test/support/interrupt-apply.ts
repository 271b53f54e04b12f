import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestFleet } from './fleet.ts'

/** Starts an apply and kills the orchestrator as soon as the progress shows these words. Answers how the CLI ended. */
export async function interruptApply(
  fleet: TestFleet,
  file: string,
  words: string,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const [program = '', ...args] = fleet.droverArgv
  const child = spawn(program, [...args, 'apply', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  let killing: Promise<void> | undefined
  createInterface(child.stderr).on('line', line => {
    lines.push(line)
    if (line.includes(words)) killing ??= fleet.killOrchestrator()
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (killing === undefined) throw new Error(`apply ended with ${code} before it said '${words}':\n${lines.join('\n')}`)
  await killing
  return { code, stderr: lines.join('\n') }
}

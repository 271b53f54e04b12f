import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestFleet } from './fleet.ts'

/**
 * Starts an apply, kills the orchestrator as soon as the progress shows these words, and starts it again. Answers how
 * the CLI, which waits for it, ended.
 */
export async function interruptApply(
  fleet: TestFleet,
  file: string,
  words: string,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const [program = '', ...args] = fleet.droverArgv
  const child = spawn(program, [...args, 'apply', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  let restart: Promise<void> | undefined
  createInterface(child.stderr).on('line', line => {
    lines.push(line)
    if (line.includes(words)) restart ??= fleet.killOrchestrator().then(fleet.startOrchestrator)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (restart === undefined) throw new Error(`apply ended with ${code} before it said '${words}':\n${lines.join('\n')}`)
  await restart
  return { code, stderr: lines.join('\n') }
}

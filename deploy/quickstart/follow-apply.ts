import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { DroverError } from '../../shared/domain/errors.ts'
import type { DroverCommand } from './drover-command.ts'

/** Runs `drover apply` and passes each line of its progress on. Throws `failed` with the last lines when it does not succeed. */
export async function followApply(drover: DroverCommand, file: string, report: (line: string) => void): Promise<void> {
  const [program = '', ...options] = drover.argv
  const child = spawn(program, [...options, 'apply', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  createInterface(child.stderr).on('line', line => {
    lines.push(line)
    report(line)
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', ended => resolve(ended ?? 1))
  })
  if (code !== 0) throw new DroverError('failed', `drover apply ended with ${code}: ${lines.slice(-5).join('; ')}`)
}

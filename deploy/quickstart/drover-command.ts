import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DroverError } from '../../shared/domain/errors.ts'

export interface DroverResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The CLI of this checkout, talking to one orchestrator. */
export interface DroverCommand {
  /** Program and global options; a verb follows. */
  readonly argv: readonly string[]
  run(args: readonly string[]): Promise<DroverResult>
  /** stdout; throws `failed` with stderr on a non-zero exit. */
  require(args: readonly string[]): Promise<string>
}

const program = fileURLToPath(new URL('../bin/drover', import.meta.url))

export function createDroverCommand(socket: string): DroverCommand {
  const argv = [program, '--socket', socket]
  return { argv, run, require: requireOutput }

  function run(args: readonly string[]): Promise<DroverResult> {
    return new Promise(resolve => {
      const [file = program, ...options] = argv
      execFile(file, [...options, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, stdout, stderr })
      })
    })
  }

  async function requireOutput(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run(args)
    if (code === 0) return stdout
    throw new DroverError('failed', `drover ${args.join(' ')} ended with ${code}: ${stderr.trim() || stdout.trim()}`)
  }
}

import { InvalidArgumentError } from '@commander-js/extra-typings'
import { defaultCacheDir, type LabContext } from '../deploy/lab/lab-context.ts'
import { defaultRoots } from '../deploy/lab/lab-paths.ts'
import { runCommand } from '../deploy/lab/run-command.ts'
import { DroverError } from '../shared/domain/errors.ts'

const interrupted = new AbortController()

/** What a bench on lab hosts works with: progress on stderr, and a signal that fires on Ctrl-C. */
export const benchContext: LabContext = {
  run: runCommand,
  roots: defaultRoots,
  cacheDir: defaultCacheDir,
  report: line => void process.stderr.write(`${line}\n`),
  signal: interrupted.signal,
}

/** Runs the command line of a bench; a failure is told with its hint. Exit code 1, and 130 when it was interrupted. */
export async function runBench(program: { parseAsync(): Promise<unknown> }): Promise<void> {
  // Not once: npm passes Ctrl-C on to a program that the terminal has told already.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interrupted.abort(new DroverError('aborted', 'interrupted')))
  try {
    await program.parseAsync()
  } catch (thrown) {
    const error = DroverError.from(thrown)
    process.stderr.write(`bench: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
    process.exitCode = interrupted.signal.aborted ? 130 : 1
  }
}

/** Of an option. */
export function readCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}

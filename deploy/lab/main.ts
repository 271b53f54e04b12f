import { DroverError } from '../../shared/domain/errors.ts'
import { createProgram } from './cli/program.ts'
import { defaultRoots } from './lab-paths.ts'
import { runCommand } from './run-command.ts'

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())
process.once('SIGTERM', () => interrupt.abort())

const program = createProgram({
  run: runCommand,
  roots: defaultRoots,
  signal: interrupt.signal,
  report: line => void process.stderr.write(`lab: ${line}\n`),
  print: text => void process.stdout.write(text),
  machine: { uid: process.getuid?.() ?? -1, searchPath: process.env['PATH'] ?? '' },
  ...(process.env['TERM'] === undefined ? {} : { terminal: process.env['TERM'] }),
  exit: code => {
    process.exitCode = code
  },
})

try {
  await program.parseAsync()
} catch (thrown) {
  const error = DroverError.from(thrown)
  process.stderr.write(`lab: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
  process.exitCode = interrupt.signal.aborted ? 130 : error.code === 'invalid' ? 2 : 1
}

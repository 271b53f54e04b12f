#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { CommanderError } from '@commander-js/extra-typings'
import { DroverError } from '../../shared/domain/errors.ts'
import { writeDurably } from '../../shared/lib/durable-file.ts'
import { VERSION } from '../../shared/lib/version.ts'
import { createFleetClient } from '../../shared/wire/services.ts'
import type { Cli } from './cli.ts'
import { resolveEndpoint } from './context.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import { explainFailure, unreadableFile, unwritableFile } from './explain-failure.ts'
import { openChannel } from './open-channel.ts'
import { createProgram } from './program.ts'
import { renderError } from './render/error.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal(process, process.env)
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted)
    interrupted.abort(new DroverError('aborted', 'interrupted'))
  })

const cli: Cli = {
  terminal,
  signal: interrupted.signal,
  environment: process.env,
  connect: async () => {
    const endpoint = resolveEndpoint(program.opts(), process.env)
    return createFleetClient(await openChannel(endpoint))
  },
  readFile: async path => {
    try {
      return await readFile(path, 'utf8')
    } catch (cause) {
      throw unreadableFile(path, cause)
    }
  },
  writeFile: async (path, content) => {
    try {
      await writeDurably(path, content)
    } catch (cause) {
      throw unwritableFile(path, cause)
    }
  },
  setExitCode: code => {
    process.exitCode = code
  },
}
const program = createProgram(cli, VERSION)

try {
  throwInsteadOfExit(program)
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = report(error)
}
await Promise.all([written(process.stdout), written(process.stderr)])
process.exit()

/** A pipe takes so much at once; the rest would be lost with the process. Whoever reads no longer is not waited for. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.once('error', () => resolve())
    stream.write('', () => resolve())
  })
}

/** commander has already said what is wrong; everything else is one error of the family. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  const failure = explainFailure(DroverError.from(error), () => resolveEndpoint(program.opts(), process.env))
  terminal.err.write(renderError(terminal.err, failure, program.opts()['verbose' as never] === true))
  return exitCodeOf(failure.code)
}

function throwInsteadOfExit(command: { exitOverride(): unknown; readonly commands: readonly unknown[] }): void {
  command.exitOverride()
  for (const child of command.commands) throwInsteadOfExit(child as typeof command)
}

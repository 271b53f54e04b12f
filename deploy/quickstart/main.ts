import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { contextsPath } from '../../orchestrator/cli/context.ts'
import { exitCodeOf } from '../../orchestrator/cli/exit-codes.ts'
import { renderError } from '../../orchestrator/cli/render/error.ts'
import { createTerminal } from '../../orchestrator/cli/terminal.ts'
import { parseAny } from '../../orchestrator/spec/parse-any.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { defaultLab } from '../lab/create-lab.ts'
import { defaultCacheDir, type LabContext } from '../lab/lab-context.ts'
import { defaultRoots } from '../lab/lab-paths.ts'
import { runCommand } from '../lab/run-command.ts'
import { dropContext } from './cli-context.ts'
import { endLabFleet } from './lab-fleet.ts'
import { quickstart } from './quickstart.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () =>
    interrupted.abort(new DroverError('aborted', 'interrupted; run it again to go on, or `down` to end it')),
  )

const terminal = createTerminal(process, process.env)
const labOptions = [
  new Option('--name <name>', 'name of the lab, so that several can run side by side').default(defaultLab.name),
  new Option('--cache <directory>', 'base images and packages; kept').default(defaultCacheDir),
] as const

const program = new Command('npm run quickstart --')
  .description(
    'From nothing to a running, highly available PostgreSQL cluster on hosts of a lab on this machine. Safe to run again.',
  )
  .addOption(labOptions[0])
  .addOption(labOptions[1])
  .option('--subnet <cidr>', "the lab's network", defaultLab.subnet)
  .option('--hosts <count>', 'how many hosts', parseHosts, 3)
  .addOption(
    new Option('--os <os>', 'operating system of the hosts')
      .choices(['debian13', 'debian12'] as const)
      .default('debian13' as const),
  )
  .option('-f, --file <file>', 'fleet spec to apply', 'deploy/examples/quickstart.yml')
  .action(async options =>
    quickstart({
      spec: { name: options.name, subnet: options.subnet, fleetName: await fleetNameIn(options.file, options.name) },
      hosts: options.hosts,
      os: options.os,
      file: options.file,
      contextsPath: contextsPath(process.env),
      context: labContext(options.cache),
      out: process.stdout,
      err: process.stderr,
    }),
  )

program
  .command('down')
  .description('end the lab and its orchestrator; nothing is left but the cache')
  .addOption(labOptions[0])
  .addOption(labOptions[1])
  .action(async (_, command) => {
    const { name, cache } = command.optsWithGlobals() as { name: string; cache: string }
    await endLabFleet(name, labContext(cache))
    await dropContext(contextsPath(process.env), name)
    process.stdout.write('nothing of the quickstart is left but its cache\n')
  })

try {
  await program.parseAsync()
} catch (error) {
  const failure = DroverError.from(error)
  terminal.err.write(renderError(terminal.err, failure, false))
  process.exitCode = exitCodeOf(failure.code)
}

function labContext(cacheDir: string): LabContext {
  return {
    run: runCommand,
    roots: defaultRoots,
    cacheDir,
    report: line => void process.stderr.write(`${line}\n`),
    signal: interrupted.signal,
  }
}

function parseHosts(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 20) throw new InvalidArgumentError('a whole number from 1 to 20')
  return count
}

/** The fleet is called what its file says; a file that cannot be read is told of when it is applied. */
async function fleetNameIn(file: string, otherwise: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const parsed = parseAny(text, file)
  return 'spec' in parsed ? (parsed.spec.fleet.name ?? otherwise) : otherwise
}

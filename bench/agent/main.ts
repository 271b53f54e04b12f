import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { defaultCacheDir } from '../../deploy/lab/lab-context.ts'
import { defaultRoots } from '../../deploy/lab/lab-paths.ts'
import { runCommand } from '../../deploy/lab/run-command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { compareWithBareNode } from './compare.ts'
import { report } from './report.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupted.abort(new DroverError('aborted', 'interrupted')))

const program = new Command('npm run bench:agent --')
  .description(
    "Memory and processor time of an idle, connected agent, beside bare `node -e 'setInterval(()=>{},1e9)'` on the same host and the same Node.",
  )
  .option('--minutes <count>', 'how long both are left alone', readMinutes, 5)
  .option('--name <name>', 'name of the lab', 'bench')
  .option('--subnet <cidr>', "the lab's network", '10.10.60.0/24')
  .option('--json', 'the measurements as one JSON document')
  .action(async ({ name, subnet, minutes, json }) => {
    const comparison = await compareWithBareNode({
      name,
      subnet,
      minutes,
      context: {
        run: runCommand,
        roots: defaultRoots,
        cacheDir: defaultCacheDir,
        report: line => void process.stderr.write(`${line}\n`),
        signal: interrupted.signal,
      },
    })
    process.stdout.write(json === true ? `${JSON.stringify(comparison, undefined, 2)}\n` : report(comparison))
  })

try {
  await program.parseAsync()
} catch (thrown) {
  const error = DroverError.from(thrown)
  process.stderr.write(`bench: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
  process.exitCode = interrupted.signal.aborted ? 130 : 1
}

function readMinutes(text: string): number {
  const minutes = Number(text)
  if (minutes > 0 && minutes <= 1440) return minutes
  throw new InvalidArgumentError('It must be a number of minutes above 0.')
}

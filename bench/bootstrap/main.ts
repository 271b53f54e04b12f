import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { benchContext, runBench } from '../bench-program.ts'
import { report } from './report.ts'
import { runRounds, type Side } from './rounds.ts'

const program = new Command('npm run bench:bootstrap --')
  .description(
    'Time from `drover apply` to a leader, two streaming members (one synchronous) and answering services, beside a hand-written shell script on the same hosts. Packages are installed on both sides; certificates of the script are made before its clock starts.',
  )
  .option('--rounds <count>', 'rounds; each on fresh hosts, the order of the sides alternates', readCount, 3)
  .addOption(new Option('--only <side>', 'measure one side').choices(['rival', 'drover'] as const))
  .option('--stock-patroni', "the script starts Patroni without Drover's shorter waits")
  .option('--name <name>', 'name of the lab', 'bench')
  .option('--subnet <cidr>', "the lab's network", '10.10.60.0/24')
  .option('--json', 'every measurement as one JSON document')
  .action(async options => {
    const sides: readonly Side[] = options.only === undefined ? ['rival', 'drover'] : [options.only]
    const specFile = fileURLToPath(new URL('fleet.yml', import.meta.url))
    const rounds = await runRounds({
      name: options.name,
      subnet: options.subnet,
      rounds: options.rounds,
      sides,
      stockPatroni: options.stockPatroni === true,
      specFile,
      context: benchContext,
    })
    process.stdout.write(options.json === true ? `${JSON.stringify(rounds, undefined, 2)}\n` : report(rounds))
  })

await runBench(program)

function readCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 99.')
}

import { Command, Option } from '@commander-js/extra-typings'
import { benchContext, readCount, runBench } from '../bench-program.ts'
import { compareSwitchovers } from './compare.ts'
import { report } from './report.ts'
import { SIDES } from './side.ts'

const program = new Command('npm run bench:switchover --')
  .description(
    "Switchovers of one cluster under a writing load that remembers every acknowledged transaction: bare `patronictl switchover` and Drover's, in turn, with clients on the same service. Failed and lost transactions, and the longest time in which nobody committed.",
  )
  .option('--rounds <count>', 'rounds; both sides in each, the order alternates', readCount, 20)
  .addOption(new Option('--only <side>', 'measure one side').choices(SIDES))
  .option('--clients <count>', 'clients that write side by side', readCount, 8)
  .option('--stock-patroni', "both sides: Patroni with Debian's own waits, without Drover's launcher")
  .option('--name <name>', 'name of the lab', 'switchbench')
  .option('--subnet <cidr>', "the lab's network", '10.10.65.0/24')
  .option('--json', 'everything measured as one JSON document')
  .action(async ({ rounds, only, clients, stockPatroni, name, subnet, json }) => {
    const comparison = await compareSwitchovers({
      name,
      subnet,
      rounds,
      clients,
      sides: only === undefined ? SIDES : [only],
      stockPatroni: stockPatroni === true,
      context: benchContext,
    })
    process.stdout.write(json === true ? `${JSON.stringify(comparison, undefined, 2)}\n` : report(comparison))
  })

await runBench(program)

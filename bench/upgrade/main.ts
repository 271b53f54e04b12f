import { Command } from '@commander-js/extra-typings'
import { benchContext, readCount, runBench } from '../bench-program.ts'
import { compareUpgrades } from './compare.ts'
import { report } from './report.ts'

const program = new Command('npm run bench:upgrade --')
  .description(
    'The same minor upgrade of the same cluster under a writing load that remembers every acknowledged transaction, in turn by the usual procedure (packages upgraded in place, `patronictl restart` of the standbys, `patronictl switchover`, restart of the old primary) and by Drover: failed and lost transactions, the longest time in which nobody committed, and the time it takes. Then the whole fleet by Drover: clusters a minute under the caps.',
  )
  .option('--rounds <count>', 'rounds; both sides in each, the order alternates', readCount, 5)
  .option('--clients <count>', 'clients that write side by side', readCount, 4)
  .option('--small <count>', 'clusters of one member beside the one that is compared', readCount, 5)
  .option('--at-once <count>', 'of the fleet: clusters under way at the same time', readCount, 4)
  .option('--per-node <count>', 'of those, with members on one node', readCount, 2)
  .option('--name <name>', 'name of the lab', 'upgrade')
  .option('--subnet <cidr>', "the lab's network", '10.10.110.0/24')
  .option('--json', 'everything measured as one JSON document')
  .action(async ({ json, ...request }) => {
    const comparison = await compareUpgrades({ ...request, context: benchContext })
    process.stdout.write(json === true ? `${JSON.stringify(comparison, undefined, 2)}\n` : report(comparison))
  })

await runBench(program)

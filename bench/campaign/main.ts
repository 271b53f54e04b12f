import { Command } from '@commander-js/extra-typings'
import { benchContext, readCount, runBench } from '../bench-program.ts'
import { isKept, report } from './report.ts'
import { simulate } from './simulate.ts'

const program = new Command('npm run bench:campaign --')
  .description(
    'Upgrades of a whole fleet with a real orchestrator and the real agents of made-up machines, over loopback: there with a time in which no maintenance window is open, and back while the orchestrator is killed again and again. Whether every cap and window was kept and every cluster was begun once, and what each hundred clusters cost the orchestrator. Exit code 1 when something was not kept.',
  )
  .option('--clusters <count>', 'clusters of one to three members', readCount, 500)
  .option('--nodes <count>', 'made-up machines', readCount, 1000)
  .option('--at-once <count>', 'clusters under way in the fleet', readCount, 50)
  .option('--per-zone <count>', 'clusters under way in one of ten zones', readCount, 20)
  .option('--kills <count>', 'how often the orchestrator is killed on the way back', readCount, 5)
  .option('--json', 'everything measured as one JSON document')
  .action(async ({ clusters, nodes, atOnce, perZone, kills, json }) => {
    const { report: say, signal } = benchContext
    const caps = { fleet: atOnce, node: 1, zone: perZone }
    const campaigns = await simulate({ clusters, nodes, caps, kills, report: say, signal })
    process.stdout.write(json === true ? `${JSON.stringify(campaigns, undefined, 2)}\n` : report(campaigns))
    if (!campaigns.every(isKept)) process.exitCode = 1
  })

await runBench(program)

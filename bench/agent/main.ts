import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { benchContext, runBench } from '../bench-program.ts'
import { compareWithBareNode } from './compare.ts'
import { report } from './report.ts'

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
      context: benchContext,
    })
    process.stdout.write(json === true ? `${JSON.stringify(comparison, undefined, 2)}\n` : report(comparison))
  })

await runBench(program)

function readMinutes(text: string): number {
  const minutes = Number(text)
  if (minutes > 0 && minutes <= 1440) return minutes
  throw new InvalidArgumentError('It must be a number of minutes above 0.')
}

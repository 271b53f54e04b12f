import { Command } from '@commander-js/extra-typings'
import { boundOf } from './bound.ts'
import { check } from './check.ts'
import { CONTENDERS } from './contenders.ts'
import { generated, type Instance, recorded } from './instance.ts'
import { type Measured, report } from './report.ts'

const INSTANCES: readonly (() => Instance)[] = [
  () => generated({ nodes: 6, clusters: 8, seed: 1 }),
  () => generated({ nodes: 9, clusters: 5, seed: 2 }),
  () => generated({ nodes: 12, clusters: 4, seed: 3 }),
  () => generated({ nodes: 12, clusters: 24, seed: 4 }),
  () => generated({ nodes: 30, clusters: 60, seed: 5 }),
  () => generated({ nodes: 60, clusters: 150, seed: 6 }),
  () => generated({ nodes: 150, clusters: 200, seed: 7 }),
  () => generated({ nodes: 300, clusters: 600, seed: 8 }),
  () => generated({ nodes: 1000, clusters: 500, seed: 9 }),
  () => recorded({ hosts: ['bare-metal-nvme-numa'], nodes: 12, clusters: 20, seed: 10, scale: 0.3 }),
  () => recorded({ hosts: ['bare-metal-nvme-numa', 'container'], nodes: 24, clusters: 30, seed: 11, scale: 0.15 }),
  () => recorded({ hosts: ['raid', 'vm'], nodes: 24, clusters: 30, seed: 12, scale: 0.08 }),
]

await new Command('npm run bench:placement --')
  .description(
    'Places the same clusters on the same fleets with first-fit, best-fit, the least loaded node, and Drover, and compares the highest load, and that after a loss, with bounds that HiGHS proves.',
  )
  .option('--json', 'the measurements as one JSON document')
  .action(async ({ json }) => {
    const measured: Measured[] = []
    for (const make of INSTANCES) {
      const instance = make()
      process.stderr.write(`${instance.name}\n`)
      measured.push(await measure(instance))
    }
    process.stdout.write(json === true ? `${JSON.stringify(measured, undefined, 2)}\n` : report(measured))
  })
  .parseAsync()

async function measure(instance: Instance): Promise<Measured> {
  const results = CONTENDERS.map(contender => {
    const started = process.cpuUsage()
    const assignment = contender.place(instance)
    const { user, system } = process.cpuUsage(started)
    const seconds = (user + system) / 1e6
    return { contender: contender.name, seconds, ...check(instance, assignment) }
  })
  const sound = results.filter(({ violations }) => violations.length === 0)
  const own = results.find(({ contender }) => contender === 'Drover')
  if (own === undefined) throw new Error('Drover is not among the contenders')
  const none = Number.POSITIVE_INFINITY
  const lowestLoad = Math.min(...sound.map(({ load }) => load))
  const lowestPeak = Math.min(...sound.map(({ peak }) => peak))
  return {
    instance: instance.name,
    bounds: {
      peak: await boundOf({ instance, objective: 'peak', reached: { load: none, peak: lowestPeak } }),
      loadWithinPeak: await boundOf({ instance, objective: 'load', reached: own }),
      load: await boundOf({ instance, objective: 'load', reached: { load: lowestLoad, peak: none } }),
    },
    results,
  }
}

import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { parsePgSize } from '../../orchestrator/plan/pg-units.ts'
import { benchContext, runBench } from '../bench-program.ts'
import { compareTunings } from './compare.ts'
import { CONTENDERS, parseVariation, type Variation } from './contenders.ts'
import { KINDS } from './pgbench.ts'
import { report } from './report.ts'

const program = new Command('npm run bench:tuning --')
  .description(
    "pgbench, reading (ro) and writing (rw), with few and with many clients, under PostgreSQL's defaults, pgtune's formulas, Pigsty's oltp formulas and Drover's tuning; on one host, from the same content, with the same durability and observed by the same libraries.",
  )
  .option('--rounds <count>', 'rounds; each begins with another contender', readCount, 10)
  .option('--seconds <count>', "length of a contender's turn: four of them in each round", readCount, 3)
  .option('--scale <count>', "pgbench's scale; by default the data is half as large again as shared buffers", readCount)
  .addOption(
    new Option('--memory <size>', 'what the contenders are told that the host has')
      .argParser(readMemory)
      .default(4 * 1024 ** 3, '4GB'),
  )
  .option('--clients <count>', 'how many clients many are; few are two a core', readCount, 64)
  .addOption(new Option('--kind <kind...>', 'reading, writing').choices(KINDS).default(KINDS, 'both'))
  .addOption(new Option('--only <contender...>', 'measure these').choices(CONTENDERS).default(CONTENDERS, 'all'))
  .option(
    '--vary <change...>',
    "measure Drover's settings once more for each NAME=VALUE; nothing after the = is PostgreSQL's default",
    readVariation,
    [],
  )
  .option('--name <name>', 'name of the lab', 'tunebench')
  .option('--subnet <cidr>', "the lab's network", '10.10.62.0/24')
  .option('--json', 'everything measured as one JSON document, settings included')
  .action(async ({ rounds, seconds, scale, memory, kind, clients, only, vary, name, subnet, json }) => {
    const comparison = await compareTunings({
      name,
      subnet,
      rounds,
      seconds,
      ...(scale === undefined ? {} : { scale }),
      memoryBytes: memory,
      manyClients: clients,
      kinds: kind,
      only,
      vary,
      context: benchContext,
    })
    process.stdout.write(json === true ? `${JSON.stringify(comparison, undefined, 2)}\n` : report(comparison))
  })

await runBench(program)

function readCount(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 99999.')
}

function readMemory(text: string): number {
  const bytes = parsePgSize(text, 1)
  if (bytes !== undefined && bytes >= 1024 ** 3) return bytes
  throw new InvalidArgumentError("It must be at least 1GB, in PostgreSQL's units: 4GB, 1536MB.")
}

function readVariation(text: string, before: readonly Variation[]): readonly Variation[] {
  const variation = parseVariation(text)
  if (variation !== undefined) return [...before, variation]
  throw new InvalidArgumentError('It must be NAME=VALUE, such as wal_compression=lz4, or NAME=.')
}

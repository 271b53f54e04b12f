import { basename } from 'node:path'
import { Option } from '@commander-js/extra-typings'
import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { collectLeaver, parseCount } from '../arguments.ts'
import type { Cli, Parent } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { planOnPaper } from '../paper/plan-on-paper.ts'
import { renderSetting } from '../render/explain/one-setting.ts'
import { GRAPH_FORMATS, type GraphFormat, renderGraph } from '../render/graph/render-graph.ts'
import { toJson } from '../render/json.ts'
import { renderPlan } from '../render/plan.ts'

export function addPlan(parent: Parent, cli: Cli): void {
  parent
    .command('plan')
    .summary('show what apply would change, and why')
    .description(
      'Reads a spec, plans against the fleet as it is now, or against the hosts of a file, and prints every change with its reason. Changes nothing.',
    )
    .requiredOption('-f, --file <file>', 'fleet spec (YAML), or a Pigsty inventory')
    .option(
      '--facts <file>',
      'plan for empty hosts of this file (JSON, as `node list --json` writes it); asks no orchestrator',
    )
    .option(
      '--explain [setting]',
      'also show placements, settings with the facts they came from, and the steps; or one setting alone',
    )
    .option('--rebalance', 'also propose moves of members that would even out the load')
    .addOption(
      new Option('--max-moves <count>', 'propose at most so many').argParser(parseCount).implies({ rebalance: true }),
    )
    .option(
      '--remove <name>',
      'as if this instance, cluster, or what is in one (database:pg-main/app) may be taken away (repeatable)',
      collectLeaver,
      [],
    )
    .option('--restart', 'also restart members where settings wait for it, as apply does with --restart')
    .addOption(new Option('--graph <format>', 'a picture of the placement instead of the plan').choices(GRAPH_FORMATS))
    .option('--output <file>', 'write the picture there, and print the plan')
    .option('--json', 'the plan as one JSON document')
    .option('--exit-code', `exit with ${EXIT.changes} when there are changes`)
    .addHelpText('after', EXAMPLES)
    .action(async options => {
      refuseContradictions(options)
      const plan = await makePlan(cli, options)
      const { graph, output } = options
      if (graph !== undefined && output !== undefined) await cli.writeFile(output, pictureOf(plan, graph))
      cli.terminal.out.write(answer(cli, plan, options))
      if (options.exitCode === true && plan.changes.length > 0) cli.setExitCode(EXIT.changes)
    })
}

const EXAMPLES = `
Examples:
  drover plan -f fleet.yml
  drover plan -f fleet.yml --explain shared_buffers
  drover plan -f fleet.yml --rebalance --max-moves 3
  drover plan -f fleet.yml --graph svg --output fleet.svg
  drover node list --json --packages > hosts.json
  drover plan -f fleet.yml --facts hosts.json
`

interface PlanOptions {
  readonly file: string
  readonly facts?: string | undefined
  readonly explain?: string | true | undefined
  readonly rebalance?: true | undefined
  readonly maxMoves?: number | undefined
  readonly graph?: GraphFormat | undefined
  readonly output?: string | undefined
  readonly remove: readonly string[]
  readonly restart?: true | undefined
  readonly json?: true | undefined
}

function refuseContradictions({ graph, output, json }: PlanOptions): void {
  if (output !== undefined && graph === undefined)
    throw new DroverError('invalid', '--output says where a picture goes, and none is asked for', {
      hint: 'add --graph svg or --graph mermaid',
    })
  if (graph !== undefined && output === undefined && json === true)
    throw new DroverError('invalid', '--graph and --json both want standard output', {
      hint: 'name a file for the picture with --output',
    })
}

async function makePlan(cli: Cli, options: PlanOptions): Promise<PlanResponse__Output> {
  const specYaml = await cli.readFile(options.file)
  const request = { specYaml, fileName: basename(options.file) }
  const rebalance = options.rebalance === true
  const { maxMoves } = options
  if (options.facts === undefined) {
    const api = await cli.connect()
    const remove = [...options.remove]
    return api.Plan(
      { ...request, rebalance, maxMoves: maxMoves ?? 0, remove, restart: options.restart === true },
      { signal: cli.signal },
    )
  }
  const facts = { text: await cli.readFile(options.facts), fileName: basename(options.facts) }
  const limits = maxMoves === undefined ? {} : { maxMoves }
  return planOnPaper({ ...request, facts, ...(rebalance ? { rebalance: limits } : {}) })
}

function answer(cli: Cli, plan: PlanResponse__Output, options: PlanOptions): string {
  const { out } = cli.terminal
  if (options.graph !== undefined && options.output === undefined) return pictureOf(plan, options.graph)
  if (options.json === true) return toJson(plan)
  if (typeof options.explain === 'string') return renderSetting(out, plan, options.explain)
  return renderPlan(out, plan, { explain: options.explain === true })
}

function pictureOf(plan: PlanResponse__Output, format: GraphFormat): string {
  return renderGraph(format, plan.layout ?? { levels: [], nodes: [] })
}

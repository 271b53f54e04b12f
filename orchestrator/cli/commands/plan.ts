import { basename } from 'node:path'
import type { Cli, Parent } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { toJson } from '../render/json.ts'
import { renderPlan } from '../render/plan.ts'

export function addPlan(parent: Parent, cli: Cli): void {
  parent
    .command('plan')
    .summary('show what apply would change, and why')
    .description(
      'Reads a spec, plans against the fleet as it is now, and prints every change with its reason. Changes nothing.',
    )
    .requiredOption('-f, --file <file>', 'fleet spec (YAML)')
    .option('--explain [setting]', 'also show placements, settings with the facts they came from, and the steps')
    .option('--json', 'the plan as one JSON document')
    .option('--exit-code', `exit with ${EXIT.changes} when there are changes`)
    .addHelpText(
      'after',
      '\nExamples:\n  drover plan -f fleet.yml\n  drover plan -f fleet.yml --explain shared_buffers\n',
    )
    .action(async options => {
      const { out } = cli.terminal
      const specYaml = await cli.readFile(options.file)
      const api = await cli.connect()
      const plan = await api.Plan({ specYaml, fileName: basename(options.file) }, { signal: cli.signal })
      const setting = typeof options.explain === 'string' ? { setting: options.explain } : {}
      out.write(
        options.json === true
          ? toJson(plan)
          : renderPlan(out, plan, { explain: options.explain !== undefined, ...setting }),
      )
      if (options.exitCode === true && plan.changes.length > 0) cli.setExitCode(EXIT.changes)
    })
}

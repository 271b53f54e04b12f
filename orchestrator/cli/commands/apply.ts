import { basename } from 'node:path'
import { collectLeaver, parseDuration } from '../arguments.ts'
import type { Cli, Parent } from '../cli.ts'
import { ignoreHealthOption } from '../ignore-health.ts'
import { toJsonLine } from '../render/json.ts'
import { renderPlan } from '../render/plan.ts'
import { watchOperation } from '../watch-operation.ts'

export function addApply(parent: Parent, cli: Cli): void {
  parent
    .command('apply')
    .summary('make the fleet as the file says')
    .description(
      'Plans, starts the operation and follows it. Safe to interrupt (Ctrl-C detaches, the operation goes on) and to repeat: a second apply finds no changes.',
    )
    .requiredOption('-f, --file <file>', 'fleet spec (YAML), or a Pigsty inventory')
    .option('--plan <id>', 'refuse unless the plan made now is this one (exit code 5)')
    .option(
      '--remove <name>',
      'an instance, a cluster, or what is in one (database:pg-main/app, user:…, schema:…, extension:…) that the file no longer asks for and that may be taken away (repeatable)',
      collectLeaver,
      [],
    )
    .option('--keep <duration>', 'how long what leaves now is kept; default 7d', parseDuration)
    .option('--restart', 'also restart members, one after the other, where settings wait for it')
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'the plan, then every event, as NDJSON')
    .addHelpText(
      'after',
      '\nExamples:\n  drover apply -f fleet.yml\n  drover apply -f fleet.yml --plan 3f2a9c0d11e4b7a6\n  drover apply -f fleet.yml --remove pg-main-3\n  drover apply -f fleet.yml --remove database:pg-main/app\n  drover apply -f fleet.yml --restart\n',
    )
    .action(async options => {
      const { out, err } = cli.terminal
      const json = options.json === true
      const specYaml = await cli.readFile(options.file)
      const api = await cli.connect()
      const started = await api.Apply(
        {
          specYaml,
          fileName: basename(options.file),
          planId: options.plan ?? '',
          remove: [...options.remove],
          restart: options.restart === true,
          ...(options.keep === undefined ? {} : { keepMs: options.keep }),
          ignoreHealth: [...options.ignoreHealth],
        },
        { signal: cli.signal },
      )
      const { plan, operationId } = started
      if (json) out.write(toJsonLine(started))
      else if (plan !== null)
        (operationId === '' ? out : err).write(renderPlan(operationId === '' ? out : err, plan, { explain: false }))
      if (operationId === '') return
      if (options.detach === true) {
        if (!json)
          out.write(`operation ${operationId} started; follow it with: drover operation watch ${operationId}\n`)
        return
      }
      await watchOperation(cli, api, { operationId, json })
      if (!json) {
        const { summary } = await api.ShowOperation({ operationId }, { signal: cli.signal })
        out.write(`operation ${operationId} ${summary?.state ?? 'unknown'}\n`)
      }
    })
}

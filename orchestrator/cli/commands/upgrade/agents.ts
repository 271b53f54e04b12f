import type { AgentsPlan, AgentsReport } from '../../../../shared/domain/agent-upgrade.ts'
import { collectName, parseCount, parseDuration } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { renderAgentReports, renderAgentsPlan } from '../../render/agents.ts'
import { startOperation } from '../../start-operation.ts'

const NONE: readonly string[] = []

export function addUpgradeAgents(parent: Parent, cli: Cli): void {
  parent
    .command('agents')
    .summary('take the agents themselves to another version, wave by wave')
    .description(
      "The version comes from the fleet repository (`drover packages add`) and is laid out beside the running one. A host whose new agent does not connect, does not stay or does not answer goes back to the former one by itself, and no other host is begun. Databases, poolers and proxies don't notice.",
    )
    .option('--to <version>', 'such as 0.2.0; default: the newest in the fleet repository')
    .option('--node <name>', 'only these; may be repeated', collectName, NONE)
    .option(
      '--canary <name>',
      'first; may be repeated; default: as the fleet file says, else the first node by name',
      collectName,
      NONE,
    )
    .option('--by <label>', 'value after value of this node label, such as zone')
    .option('--at-once <count>', 'agents under way at the same time; default: 10', parseCount)
    .option('--connect <duration>', 'how long a new agent may take to connect; default: 3m', parseDuration)
    .option('--soak <duration>', 'how long it is watched then before it is kept; default: 30s', parseDuration)
    .option('--dry-run', 'what it would do; changes nothing')
    .option('--detach', 'start it and return at once')
    .option('--json', 'the report, as one JSON document')
    .action(async ({ to, node, canary, by, atOnce, connect, soak, dryRun, detach, json }) => {
      const request = {
        to,
        ...(node.length === 0 ? {} : { nodes: node }),
        canaries: canary,
        by,
        atOnce,
        ...(connect === undefined ? {} : { connectSeconds: connect / 1000 }),
        ...(soak === undefined ? {} : { soakSeconds: soak / 1000 }),
      }
      if (dryRun === true)
        await startOperation<AgentsPlan>(cli, {
          kind: 'upgrade-agents-plan',
          request,
          options: { json },
          quiet: true,
          say: plan => renderAgentsPlan(plan).trimEnd(),
        })
      else
        await startOperation<AgentsReport>(cli, {
          kind: 'upgrade-agents',
          request,
          options: { detach, json },
          say: ({ agents }) => renderAgentReports(agents).trimEnd(),
        })
    })
}

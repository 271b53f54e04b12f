import { InvalidArgumentError } from '@commander-js/extra-typings'
import {
  COMPONENTS,
  type Component,
  type ComponentsPlan,
  type ComponentsReport,
} from '../../../../shared/domain/component.ts'
import { collectName, parseDuration } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { renderComponentReports, renderComponentsPlan } from '../../render/components.ts'
import { startOperation } from '../../start-operation.ts'
import { policyRequest, withPolicyOptions } from './campaign-options.ts'

const NONE: readonly string[] = []
const NO_COMPONENT: readonly Component[] = []
const NO_VERSION: Readonly<Partial<Record<Component, string>>> = {}

export function addUpgradeComponents(parent: Parent, cli: Cli): void {
  const command = parent
    .command('components')
    .summary('take Patroni, PgBouncer, HAProxy and etcd to another version, wave by wave')
    .description(
      'HAProxy hands its listeners over; etcd starts anew one voter at a time; Patroni starts anew without its PostgreSQL, while automatic failover of its clusters is paused for the turn of the host; PgBouncer after its clients had time to leave. Component after component, each on canaries first, then in waves that grow and are watched. A host on which a component is not well gets back what it had, and nothing more is begun.',
    )
    .option(
      '--component <name>',
      `${COMPONENTS.join(', ')}; may be repeated; default: all`,
      collectComponent,
      NO_COMPONENT,
    )
    .option(
      '--to <component=version>',
      'such as haproxy=3.0.11; default: the newest on offer',
      collectVersion,
      NO_VERSION,
    )
    .option('--node <name>', 'only these; may be repeated', collectName, NONE)
    .option(
      '--drain <duration>',
      'how long clients of a pooler get to leave by themselves, or 0; default: 10m',
      parseDrain,
    )
  withPolicyOptions(command, 'host')
    .addOption(ignoreHealthOption())
    .option('--dry-run', 'which package goes from what to what; changes nothing')
    .option('--detach', 'start it and return at once')
    .option('--json', 'the report, as one JSON document')
    .action(async ({ component, to, node, drain, ignoreHealth, dryRun, detach, json, ...policy }) => {
      const request = {
        components: component,
        to,
        ...(node.length === 0 ? {} : { nodes: node }),
        ...(drain === undefined ? {} : { drainSeconds: drain / 1000 }),
        ignoreHealth,
        ...policyRequest(policy),
      }
      if (dryRun === true)
        await startOperation<ComponentsPlan>(cli, {
          kind: 'upgrade-components-plan',
          request,
          options: { json },
          quiet: true,
          say: plan => renderComponentsPlan(plan).trimEnd(),
        })
      else
        await startOperation<ComponentsReport>(cli, {
          kind: 'upgrade-components',
          request,
          options: { detach, json, ignoreHealth },
          say: ({ changes }) => renderComponentReports(changes).trimEnd(),
        })
    })
}

function collectComponent(text: string, before: readonly Component[]): readonly Component[] {
  return [...before, parseComponent(text)]
}

function collectVersion(
  text: string,
  before: Readonly<Partial<Record<Component, string>>>,
): Readonly<Partial<Record<Component, string>>> {
  const [, name = '', version = ''] = /^([a-z]+)=([0-9A-Za-z.+:~-]+)$/.exec(text) ?? []
  if (version === '') throw new InvalidArgumentError('a version like haproxy=3.0.11')
  return { ...before, [parseComponent(name)]: version }
}

function parseComponent(text: string): Component {
  const found = COMPONENTS.find(component => component === text)
  if (found === undefined) throw new InvalidArgumentError(`one of ${COMPONENTS.join(', ')}`)
  return found
}

function parseDrain(text: string): number {
  return text === '0' ? 0 : parseDuration(text)
}

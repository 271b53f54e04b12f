import { parseCount } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'
import { collectCap } from './campaign-options.ts'

export function addUpgradePause(parent: Parent, cli: Cli): void {
  parent
    .command('pause')
    .summary('begin no further cluster or host; those under way go on')
    .description('Of the upgrade that runs: of clusters, agents or components.')
    .option('--json', 'what holds now, as one JSON document')
    .action(async options => {
      await control(cli, { paused: true }, options)
    })
}

export function addUpgradeResume(parent: Parent, cli: Cli): void {
  parent
    .command('resume')
    .summary('go on after a pause, or with other caps')
    .description(
      'Of the upgrade that runs: of clusters, agents or components. Also changes how much is under way at the same time; without a pause that is all it does.',
    )
    .option('--at-once <count>', 'clusters, or hosts, under way at the same time', parseCount)
    .option('--per-node <count>', 'of clusters, those with members on one node', parseCount)
    .option('--per <label=count>', 'of those, in one value of a node label: zone=2; may be repeated', collectCap)
    .option('--json', 'what holds now, as one JSON document')
    .action(async ({ atOnce, perNode, per, ...options }) => {
      await control(cli, { paused: false, caps: { fleet: atOnce, node: perNode, labels: per } }, options)
    })
}

async function control(
  cli: Cli,
  request: Readonly<Record<string, unknown>>,
  options: { readonly json?: true | undefined },
): Promise<void> {
  await startOperation<ControlAnswer>(cli, {
    kind: 'upgrade-control',
    request,
    options,
    quiet: true,
    say: ({ kind, paused, caps }) => {
      const perNode = kind === 'upgrade' ? [`per node: ${caps.node}`] : []
      const perLabel = Object.entries(caps.labels).map(([label, count]) => `per ${label}: ${count}`)
      const held = [`at once: ${caps.fleet}`, ...perNode, ...perLabel].join(', ')
      return `the upgrade ${paused ? 'is paused: what is under way goes on' : 'goes on'}; ${held}`
    },
  })
}

interface ControlAnswer {
  readonly kind: string
  readonly paused: boolean
  readonly caps: { readonly fleet: number; readonly node: number; readonly labels: Readonly<Record<string, number>> }
}

import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addUpgradeHold(parent: Parent, cli: Cli): void {
  parent
    .command('hold')
    .summary('let nobody move to a release unless they name it')
    .description('Releases that were withdrawn before this version of Drover was made are held already.')
    .argument('<version>', 'such as 17.8')
    .requiredOption('--because <reason>', 'shown to whoever tries')
    .option('--json', 'one JSON document')
    .action(async (version, { because, ...options }) => {
      await hold(cli, { version, because }, options)
    })
}

export function addUpgradeUnhold(parent: Parent, cli: Cli): void {
  parent
    .command('unhold')
    .summary('take a hold of this fleet back')
    .argument('<version>', 'such as 17.8')
    .option('--json', 'one JSON document')
    .action(async (version, options) => {
      await hold(cli, { version, because: null }, options)
    })
}

async function hold(
  cli: Cli,
  request: { readonly version: string; readonly because: string | null },
  options: { readonly json?: true | undefined },
): Promise<void> {
  await startOperation<typeof request>(cli, {
    kind: 'upgrade-hold',
    request,
    options,
    quiet: true,
    say: ({ version, because }) =>
      because === null ? `${version} is held no longer` : `${version} is held: ${because}`,
  })
}

import { Command, type CommandUnknownOpts, InvalidArgumentError } from '@commander-js/extra-typings'
import { attachedCommand } from './attached-command.ts'
import { type CliContext, nameOption, openNamed } from './cli-context.ts'
import { statusTable } from './status-table.ts'

/** Commands that look into a lab or work inside it. */
export function lookCommands(cli: CliContext): CommandUnknownOpts[] {
  return [status(cli), exec(cli), run(cli), logs(cli)]
}

function status(cli: CliContext) {
  return new Command('status')
    .description('show the hosts')
    .option('--json', 'as JSON')
    .addOption(nameOption())
    .action(async ({ json, name }) => {
      const lab = await openNamed(cli, name)
      const hosts = await lab.status()
      if (json !== true) return cli.print(statusTable(hosts))
      const { subnet, cuts } = await lab.record()
      cli.print(
        `${JSON.stringify({ name, namespace: lab.namespace, subnet, orchestrator: lab.addresses.gateway, hosts, cuts }, undefined, 2)}\n`,
      )
    })
}

function exec(cli: CliContext) {
  return new Command('exec')
    .description(
      'run a program inside a host as root, with its exit code (default: a shell). Put --name before the host',
    )
    .argument('<host>')
    .argument('[command...]')
    .addOption(nameOption())
    .passThroughOptions()
    .action(async (host, argv, { name }) => {
      const command = withoutSeparator(argv)
      const lab = await openNamed(cli, name)
      const program = command.length === 0 ? ['bash', '-l'] : command
      cli.exit(await attachedCommand(await lab.execCommand(host, program, cli.terminal)))
    })
}

function run(cli: CliContext) {
  return new Command('run')
    .description(
      "run a program of this machine in the lab's network, at the orchestrator's address; it ends with the lab",
    )
    .argument('<command...>')
    .addOption(nameOption())
    .passThroughOptions()
    .action(async (argv, { name }) => {
      const lab = await openNamed(cli, name)
      cli.exit(await attachedCommand(await lab.inNamespaceCommand(withoutSeparator(argv))))
    })
}

function logs(cli: CliContext) {
  return new Command('logs')
    .description('show the journal of a host, on or off')
    .argument('<host>')
    .option('-u, --unit <unit>', 'only this unit')
    .option('-n, --lines <number>', 'only the newest lines', readLines)
    .option('-f, --follow', 'keep showing new lines')
    .addOption(nameOption())
    .action(async (host, { unit, lines, follow, name }) => {
      const lab = await openNamed(cli, name)
      const request = {
        follow: follow === true,
        ...(unit === undefined ? {} : { unit }),
        ...(lines === undefined ? {} : { lines }),
      }
      cli.exit(await attachedCommand(await lab.logsCommand(host, request)))
    })
}

/** `exec node-1 -- ls` and `exec node-1 ls` are the same. */
function withoutSeparator(argv: readonly string[]): readonly string[] {
  return argv[0] === '--' ? argv.slice(1) : argv
}

function readLines(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number above zero.')
}

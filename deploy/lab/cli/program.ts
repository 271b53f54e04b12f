import { Command } from '@commander-js/extra-typings'
import type { CliContext } from './cli-context.ts'
import { failureCommands } from './failure-commands.ts'
import { lifecycleCommands } from './lifecycle-commands.ts'
import { lookCommands } from './look-commands.ts'

/** The lab's command line. stdout carries answers, stderr progress. */
export function createProgram(context: CliContext): Command {
  const program = new Command('lab')
    .description(
      'Real systemd Debian hosts on this machine, in a network of their own, for trying Drover out and for failure tests.',
    )
    .usage('COMMAND [options]     (npm run lab -- COMMAND ...)')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride(error => {
      // Commander's own exit code 1 for bad usage would look like a failure of the lab.
      process.exit(error.exitCode === 0 ? 0 : 2)
    })
    .addHelpText('after', examples)
  for (const command of [...lifecycleCommands(context), ...failureCommands(context), ...lookCommands(context)]) {
    program.addCommand(command.copyInheritedSettings(program))
  }
  return program
}

const examples = `
Examples:
  npm run lab -- up --hosts 3
  npm run lab -- exec node-1 systemctl status
  npm run lab -- power-off node-2
  npm run lab -- partition node-1 --from orchestrator
  npm run lab -- run psql 'postgres://...'
  npm run lab -- down

Hosts are node-1, node-2, ...; this machine is 'orchestrator', at .1 of the subnet.
`

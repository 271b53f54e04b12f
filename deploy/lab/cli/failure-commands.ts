import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { type CliContext, nameOption, openNamed } from './cli-context.ts'
import { statusTable } from './status-table.ts'

/** Commands that break things and mend them. */
export function failureCommands(cli: CliContext): CommandUnknownOpts[] {
  return [powerOff(cli), powerOn(cli), reboot(cli), partition(cli), heal(cli)]
}

function powerOff(cli: CliContext) {
  return new Command('power-off')
    .description('pull the plug: all processes of a host end at once and nothing more leaves it')
    .argument('<host...>')
    .addOption(nameOption())
    .action(async (hosts, { name }) => {
      await (await openNamed(cli, name)).powerOff(hosts)
      cli.report(`${hosts.join(', ')} off`)
    })
}

function powerOn(cli: CliContext) {
  return new Command('power-on')
    .description('boot hosts that are off, with the disks they had')
    .argument('<host...>')
    .addOption(nameOption())
    .action(async (hosts, { name }) => cli.print(statusTable(await (await openNamed(cli, name)).powerOn(hosts))))
}

function reboot(cli: CliContext) {
  return new Command('reboot')
    .description('restart hosts in an orderly way')
    .argument('<host...>')
    .addOption(nameOption())
    .action(async (hosts, { name }) => cli.print(statusTable(await (await openNamed(cli, name)).reboot(hosts))))
}

function partition(cli: CliContext) {
  return new Command('partition')
    .description('cut hosts off from all others, or from those named. Cuts add up until "heal"')
    .argument('<host...>', "one side; its hosts still reach each other ('orchestrator' is this machine)")
    .option('--from <hosts>', 'the other side, separated by commas (default: everything else)', names)
    .option('--one-way', 'lose only what the first side sends')
    .addOption(nameOption())
    .action(async (side, { from, oneWay, name }) => {
      await (await openNamed(cli, name)).partition({
        side,
        oneWay: oneWay === true,
        ...(from === undefined ? {} : { from }),
      })
      cli.report(`${side.join(', ')} cut off from ${from === undefined ? 'everything else' : from.join(', ')}`)
    })
}

function heal(cli: CliContext) {
  return new Command('heal')
    .description('mend the cuts of these hosts, or all cuts')
    .argument('[host...]')
    .addOption(nameOption())
    .action(async (hosts, { name }) => {
      await (await openNamed(cli, name)).heal(hosts)
      cli.report(hosts.length === 0 ? 'every cut is mended' : `the cuts of ${hosts.join(', ')} are mended`)
    })
}

function names(text: string): readonly string[] {
  return text.split(',').filter(Boolean)
}

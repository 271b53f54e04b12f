import { Command, type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { bringUp } from '../bring-up.ts'
import { defaultLab, endLab, openLab } from '../create-lab.ts'
import { defaultCacheDir } from '../lab-context.ts'
import { suites } from '../model.ts'
import { checkMachine } from '../preflight.ts'
import { type CliContext, nameOption } from './cli-context.ts'
import { statusTable } from './status-table.ts'

const systems = Object.keys(suites) as (keyof typeof suites)[]

/** Commands that make and end labs and hosts. */
export function lifecycleCommands(cli: CliContext): CommandUnknownOpts[] {
  return [up(cli), add(cli), down(cli)]
}

function up(cli: CliContext) {
  return new Command('up')
    .description('boot hosts; they run until "down". Completes a running lab, makes a dead one afresh')
    .addOption(hostsOption().default(3))
    .addOption(osOption())
    .addOption(nameOption())
    .option('--subnet <cidr>', 'addresses of the lab; labs may use the same', defaultLab.subnet)
    .addOption(cacheOption())
    .action(async ({ hosts, os, name, subnet, cache }) => {
      const context = { ...cli, cacheDir: cache }
      await checkMachine(cli.machine, context)
      const started = performance.now()
      const lab = await bringUp({ spec: { name, subnet }, hosts: { count: hosts, os } }, context)
      cli.report(`up in ${((performance.now() - started) / 1000).toFixed(1)} s`)
      cli.print(statusTable(await lab.status()))
    })
}

function add(cli: CliContext) {
  return new Command('add')
    .description('boot more hosts in a running lab')
    .addOption(hostsOption().default(1))
    .addOption(osOption())
    .addOption(nameOption())
    .addOption(cacheOption())
    .action(async ({ hosts, os, name, cache }) => {
      const context = { ...cli, cacheDir: cache }
      await checkMachine(cli.machine, context)
      const lab = await openLab(name, context)
      cli.print(statusTable(await lab.addHosts({ count: hosts, os })))
    })
}

function down(cli: CliContext) {
  return new Command('down')
    .description('end the lab: hosts, disks, network. Cached images stay')
    .addOption(nameOption())
    .action(async ({ name }) => {
      await endLab(name, { ...cli, cacheDir: defaultCacheDir })
      cli.report(`the lab '${name}' is gone`)
    })
}

function hostsOption() {
  return new Option('--hosts <number>', 'how many hosts').argParser(readCount)
}

function osOption() {
  return new Option('--os <name>', 'operating system of the hosts').choices(systems).default('debian13' as const)
}

function cacheOption() {
  return new Option('--cache <dir>', 'where base images are kept').default(defaultCacheDir)
}

function readCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

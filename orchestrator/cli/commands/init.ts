import { initOrchestrator } from '../../init-orchestrator.ts'
import type { Cli, Parent } from '../cli.ts'
import { DEFAULT_DIRECTORY } from '../defaults.ts'

export function addInit(parent: Parent, cli: Cli): void {
  parent
    .command('init')
    .summary('make a new fleet on this machine')
    .description(
      'Makes the root key set, the certificate authority and the store. Refuses to touch a fleet that is already there.',
    )
    .requiredOption('--fleet <name>', 'name of the fleet')
    .requiredOption('--address <address...>', 'addresses or names by which hosts reach this orchestrator')
    .option('--dir <directory>', 'where its state lives', DEFAULT_DIRECTORY)
    .option('--passphrase-file <file>', 'encrypts the root key, which is needed only to change the key set')
    .action(async options => {
      const passphrase =
        options.passphraseFile === undefined ? undefined : (await cli.readFile(options.passphraseFile)).trim()
      const fleet = await initOrchestrator({
        directory: options.dir,
        fleetName: options.fleet,
        addresses: options.address,
        ...(passphrase === undefined ? {} : { passphrase }),
      })
      cli.terminal.out.write(
        `fleet ${options.fleet} (${fleet.fleetId}) made in ${options.dir}\nnext: drover serve --dir ${options.dir}\n`,
      )
    })
}

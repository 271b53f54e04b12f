import { join } from 'node:path'
import { DroverError } from '../shared/domain/errors.ts'
import type { FleetId } from '../shared/domain/ids.ts'
import { systemClock } from '../shared/lib/clock.ts'
import { writeDurably } from '../shared/lib/durable-file.ts'
import { Secret } from '../shared/lib/secret.ts'
import { initFleet } from './ca/init-fleet.ts'
import { CONFIG_FILE, type OrchestratorConfigInput, parseConfig, renderConfig } from './config.ts'

export interface InitOptions {
  readonly directory: string
  readonly fleetName: string
  /** Addresses or names by which hosts reach this orchestrator. Elements may hold several, with commas. */
  readonly addresses: readonly string[]
  /** Encrypts the root key. */
  readonly passphrase?: string
  /** Further settings for config.yml. */
  readonly config?: Omit<OrchestratorConfigInput, 'addresses'>
}

/** Makes a fleet in a folder that is empty or absent. Throws `conflict` when something is there, `invalid` for bad input; both change nothing. */
export async function initOrchestrator(
  options: InitOptions,
): Promise<{ readonly fleetId: FleetId; readonly pin: string }> {
  const { directory, fleetName, passphrase } = options
  const addresses = options.addresses.flatMap(each => each.split(',')).filter(each => each !== '')
  if (addresses.length === 0) {
    throw new DroverError('invalid', 'hosts need an address of this orchestrator', { hint: '--address 10.0.0.1' })
  }
  const config = renderConfig({ addresses, ...options.config })
  parseConfig(config, CONFIG_FILE)
  const fleet = await initFleet({
    directory,
    fleetName,
    clock: systemClock,
    ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }),
  })
  await writeDurably(join(directory, CONFIG_FILE), config, 0o600)
  return fleet
}

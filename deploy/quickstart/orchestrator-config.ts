import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { CONFIG_FILE, type OrchestratorConfigInput, renderConfig } from '../../orchestrator/config.ts'
import type { LabFleetPaths } from './lab-fleet-paths.ts'

/**
 * What is different in a lab: the socket is beside the state, so that labs do not meet; packages are kept when the lab
 * ends; and downloads leave through the machine's own network, since the orchestrator lives in one without a way out.
 */
export async function writeOrchestratorConfig(paths: LabFleetPaths): Promise<void> {
  const file = join(paths.directory, CONFIG_FILE)
  const config = parse(await readFile(file, 'utf8')) as OrchestratorConfigInput
  await writeFile(
    file,
    renderConfig({
      ...config,
      listen: { ...config.listen, socket: paths.socket },
      packages: {
        ...config.packages,
        directory: paths.packages,
        commandPrefix: ['nsenter', `--net=/run/netns/${paths.outside}`, '--'],
      },
    }),
  )
}

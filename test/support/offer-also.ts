import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { CONFIG_FILE, type OrchestratorConfigInput, renderConfig } from '../../orchestrator/config.ts'
import type { AptSource } from '../../orchestrator/packages/apt-source.ts'
import { machineSources } from '../../orchestrator/packages/machine-sources.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import type { TestFleet } from './fleet.ts'

/** Restarts the orchestrator with these sources beside those of this machine, for hosts of every OS. */
export async function offerAlso(fleet: TestFleet, name: string, more: readonly AptSource[]): Promise<void> {
  const { byOs } = await machineSources({ run: runCommand })
  const sources = Object.entries(byOs).map(([os, all]) => [os, [...all, ...more]])
  const file = join(labFleetPaths(name, fleet.context).directory, CONFIG_FILE)
  const config = parse(await readFile(file, 'utf8')) as OrchestratorConfigInput
  const packages = { ...config.packages, sources: Object.fromEntries(sources) as Record<string, never[]> }
  await fleet.killOrchestrator()
  await writeFile(file, renderConfig({ ...config, packages }))
  await fleet.startOrchestrator()
  // A node counts as ready for a while before its agent is back; what its members do says that it is.
  await waitUntil({
    what: 'all nodes and clusters to be back',
    timeoutMs: 120_000,
    intervalMs: 500,
    check: async () => {
      const { nodes, clusters } = await fleet.status()
      return nodes.every(({ state }) => state === 'ready') && clusters.every(({ state }) => state === 'healthy')
    },
    explain: async () => (await fleet.drover('status')).stdout,
  })
}

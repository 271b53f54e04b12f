import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import { baseImage } from '../lab/base-image.ts'
import { createLab, endLab, isLabRunning, type LabSpec, openLab } from '../lab/create-lab.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabContext } from '../lab/lab-context.ts'
import type { HostRecord, OsName } from '../lab/model.ts'
import { waitUntil } from '../lab/wait-until.ts'
import { agentLayer } from './agent-layer.ts'
import { createDroverCommand, type DroverCommand } from './drover-command.ts'
import { type LabFleetPaths, labFleetPaths } from './lab-fleet-paths.ts'
import { writeOrchestratorConfig } from './orchestrator-config.ts'
import { startOrchestrator, stopOrchestrator } from './orchestrator-process.ts'

export interface LabFleetSpec extends LabSpec {
  readonly fleetName: string
}

/** A lab with an orchestrator in its network: what the quickstart and the scenario tests stand on. */
export interface LabFleet {
  readonly lab: Lab
  readonly drover: DroverCommand
  readonly paths: LabFleetPaths
  /** Starts it, or waits until the one that runs answers. */
  startOrchestrator(): Promise<void>
  stopOrchestrator(): Promise<void>
  /** Boots hosts that have the agent and a join token, and nothing else, up to this many in all. */
  bootHosts(request: BootHosts): Promise<void>
  /** Waits until this many nodes are ready and have reported their hardware. */
  waitForNodes(count: number): Promise<void>
}

export interface BootHosts {
  readonly count: number
  readonly os: OsName
  /** The agent's .deb. */
  readonly agentPackage: string
  /** Labels for the host with this number. */
  readonly labels: (number: number) => Readonly<Record<string, string>>
  /** Makes a layer over the agent's and the base image, which it is given topmost first; for hosts that have more than the agent. */
  readonly over?: (lower: readonly string[]) => Promise<string>
}

const ENROL_TIMEOUT_MS = 90_000

/** The lab's network, and an orchestrator's state in it. One that is there already is taken up as it is. */
export async function openLabFleet(spec: LabFleetSpec, context: LabContext): Promise<LabFleet> {
  const paths = labFleetPaths(spec.name, context)
  const lab = (await isLabRunning(spec.name, context))
    ? await openLab(spec.name, context)
    : await createLab(spec, context)
  await nameOutside(paths.outside, context)
  const drover = createDroverCommand(paths.socket)
  const parts = { lab, directory: paths.directory, drover, signal: context.signal }

  return {
    lab,
    drover,
    paths,
    async startOrchestrator() {
      await initialise()
      await startOrchestrator(parts)
    },
    stopOrchestrator: () => stopOrchestrator(parts),
    bootHosts,
    waitForNodes,
  }

  async function initialise(): Promise<void> {
    if (existsSync(paths.directory)) return
    await mkdir(paths.parent, { recursive: true, mode: 0o700 })
    const { gateway } = lab.addresses
    await drover.require(['init', '--dir', paths.directory, '--fleet', spec.fleetName, '--address', gateway])
    await writeOrchestratorConfig(paths)
  }

  async function bootHosts({ count, os, agentPackage, labels, over }: BootHosts): Promise<void> {
    const known = await lab.status()
    const off = known.filter(({ state }) => state === 'off').map(({ name }) => name)
    if (off.length > 0) await lab.powerOn(off)
    const missing = count - known.length
    if (missing <= 0) return
    const agent = await agentLayer(os, agentPackage, context)
    const more = over === undefined ? [] : [await over([agent, await baseImage(os, context)])]
    const first = known.length + 1
    const tokens = new Map<number, string>()
    for (let number = first; number <= count; number += 1) tokens.set(number, await createToken(labels(number)))
    await lab.addHosts({ count: missing, os, layers: [...more, agent], files: host => joinFiles(host, tokens) })
  }

  async function createToken(labels: Readonly<Record<string, string>>): Promise<string> {
    const options = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`])
    return (await drover.require(['token', 'create', ...options])).trim()
  }

  function joinFiles(
    host: HostRecord,
    tokens: ReadonlyMap<number, string>,
  ): Record<string, { content: string; mode: number }> {
    const token = tokens.get(host.number)
    if (token === undefined) throw new DroverError('internal', `no token was made for ${host.name}`)
    return {
      '/etc/drover/agent.conf': { content: `orchestrator=${lab.addresses.gateway}:${paths.enrolPort}\n`, mode: 0o644 },
      '/etc/drover/join-token': { content: `${token}\n`, mode: 0o600 },
    }
  }

  async function waitForNodes(count: number): Promise<void> {
    await waitUntil({
      what: `${count} agents to enrol`,
      timeoutMs: ENROL_TIMEOUT_MS,
      intervalMs: 300,
      signal: context.signal,
      check: async () => {
        const { nodes } = JSON.parse(await drover.require(['node', 'list', '--json'])) as { nodes: readonly NodeLine[] }
        return nodes.filter(({ state, hardware }) => state === 'ready' && hardware?.cores !== undefined).length >= count
      },
    })
  }
}

/** Gives the machine's own network namespace a name that `nsenter` can use from within the lab's. */
async function nameOutside(name: string, { run }: LabContext): Promise<void> {
  if (existsSync(`/run/netns/${name}`)) return
  await run({ argv: ['ip', 'netns', 'attach', name, String(process.pid)] })
}

interface NodeLine {
  readonly state: string
  readonly hardware?: { readonly cores?: number } | null
}

/** Orchestrator, hosts, network and state: nothing is left but the caches. */
export async function endLabFleet(name: string, context: LabContext): Promise<void> {
  const paths = labFleetPaths(name, context)
  await stopOrchestrator({ directory: paths.directory, signal: context.signal })
  await endLab(name, context)
  await context.run({ argv: ['ip', 'netns', 'delete', paths.outside], anyExit: true })
  await paths.remove()
}

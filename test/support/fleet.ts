import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab } from '../../deploy/lab/lab.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { buildAgent } from '../../deploy/quickstart/build-agent.ts'
import type { DroverResult } from '../../deploy/quickstart/drover-command.ts'
import { endLabFleet, openLabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import type { ClusterStatus, FleetStatus } from './fleet-status.ts'
import { hostOs } from './host-os.ts'
import { testContext } from './lab.ts'
import { openSqlClient, type SqlClient } from './sql-client.ts'

export interface StartFleet {
  readonly name: string
  readonly subnet: string
  readonly hosts: number
  /** As the fleet files of the test say; absent: the lab's name. */
  readonly fleetName?: string
  /** Default: that of a test, which nobody interrupts. */
  readonly context?: LabContext
}

/** A real orchestrator, real hosts with enrolled agents, and a way to ask their databases. */
export interface TestFleet {
  readonly lab: Lab
  readonly context: LabContext
  readonly agentPackage: string
  readonly sql: SqlClient
  /** The CLI's program and global options, for a test that wants its streams. */
  readonly droverArgv: readonly string[]
  /** Runs the CLI. */
  readonly drover: (...args: string[]) => Promise<DroverResult>
  /** Writes a fleet file, which goes with `down`; answers with its path. */
  readonly writeSpec: (text: string, name?: string) => Promise<string>
  /** The JSON that a command prints; throws when it fails. */
  readonly json: <T>(...args: string[]) => Promise<T>
  readonly status: () => Promise<FleetStatus>
  readonly cluster: (name: string) => Promise<ClusterStatus>
  readonly waitForHealthy: (cluster: string, timeoutMs?: number) => Promise<ClusterStatus>
  /** URL of a service of a cluster, every host that has it included. */
  readonly url: (cluster: string, service?: string) => Promise<string>
  readonly address: (node: string) => string
  readonly startOrchestrator: () => Promise<void>
  /** SIGKILL. */
  readonly killOrchestrator: () => Promise<void>
  readonly down: () => Promise<void>
}

/** Made afresh; gone with `down`, or with the test process. */
export async function startFleet(request: StartFleet): Promise<TestFleet> {
  const { name, subnet, hosts, fleetName = name, context = testContext() } = request
  await endLabFleet(name, context)
  const guard = guardByOwner(name)
  const specs = await mkdtemp(join(tmpdir(), `drover-${name}-specs-`))
  async function down(): Promise<void> {
    await rm(specs, { recursive: true, force: true })
    // Also after an interruption.
    await endLabFleet(name, { ...context, signal: new AbortController().signal })
    guard.release()
  }
  try {
    return await openFleet({ name, subnet, hosts, fleetName, specs }, context, down)
  } catch (error) {
    process.stderr.write(
      await readFile(join(labFleetPaths(name, context).directory, 'serve.log'), 'utf8').catch(() => ''),
    )
    await down()
    throw error
  }
}

async function openFleet(
  { name, subnet, hosts, fleetName, specs }: Required<Omit<StartFleet, 'context'>> & { readonly specs: string },
  context: LabContext,
  down: () => Promise<void>,
): Promise<TestFleet> {
  const agentPackage = await buildAgent(context)
  const fleet = await openLabFleet({ name, subnet, fleetName }, context)
  const { lab } = fleet
  await fleet.startOrchestrator()
  await fleet.bootHosts({ count: hosts, os: hostOs(), agentPackage, labels: number => ({ zone: `z${number}` }) })
  await fleet.waitForNodes(hosts)
  const sql = await openSqlClient(lab)

  const drover = (...args: string[]): Promise<DroverResult> => fleet.drover.run(args)
  async function json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await fleet.drover.require([...args, '--json'])) as T
  }
  const status = (): Promise<FleetStatus> => json('status')
  async function cluster(wanted: string): Promise<ClusterStatus> {
    const found = (await status()).clusters.find(each => each.name === wanted)
    if (found === undefined) throw new Error(`status does not show ${wanted}`)
    return found
  }

  return {
    lab,
    context,
    agentPackage,
    sql,
    droverArgv: fleet.drover.argv,
    drover,
    writeSpec: async (text, file = 'fleet.yml') => {
      const path = join(specs, file)
      await writeFile(path, text)
      return path
    },
    json,
    status,
    cluster,
    waitForHealthy: async (wanted, timeoutMs = 120_000) => {
      await waitUntil({
        what: `${wanted} to be healthy`,
        timeoutMs,
        intervalMs: 500,
        check: async () => (await cluster(wanted)).state === 'healthy',
        explain: async () => (await drover('status')).stdout,
      })
      return cluster(wanted)
    },
    url: async (wanted, service = 'primary') =>
      (await fleet.drover.require(['cluster', 'psql', wanted, '--service', service, '--all-hosts', '--print'])).trim(),
    address: node => lab.addresses.hostAddress(Number(node.replace('node-', ''))),
    startOrchestrator: fleet.startOrchestrator,
    killOrchestrator: async () => {
      const pid = Number(await readFile(join(fleet.paths.directory, 'serve.pid'), 'utf8'))
      process.kill(pid, 'SIGKILL')
      await waitUntil({
        what: 'the orchestrator to be gone',
        timeoutMs: 60_000,
        check: async () => !/^State:\s+[^ZX]/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')),
      })
    },
    down: async () => {
      await sql.close()
      await down()
    },
  }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseChildAnswer } from '../../agent/facts/child-answer.ts'
import { baseImage } from '../../deploy/lab/base-image.ts'
import { findHierarchies } from '../../deploy/lab/cgroups.ts'
import { createLab, endLab } from '../../deploy/lab/create-lab.ts'
import type { ExecOptions } from '../../deploy/lab/lab.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { labPaths } from '../../deploy/lab/lab-paths.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { agentLayer } from '../../deploy/quickstart/agent-layer.ts'
import { buildAgent } from '../../deploy/quickstart/build-agent.ts'
import { osOf } from '../../orchestrator/inventory/snapshot-builder.ts'
import { DATA_ROOT } from '../../orchestrator/plan/node-view.ts'
import { DEFAULT_MAJOR } from '../../orchestrator/plan/operating-systems.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FsyncProbe, NodeFacts } from '../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import { packageLayer } from '../bootstrap/package-layer.ts'
import { ending } from '../ending.ts'
import type { CpuReading } from './cpu-use.ts'

const os = 'debian13'
const host = 'node-1'
export const POSTGRES_VERSION = DEFAULT_MAJOR[os] ?? 17
export const POSTGRES_BIN = `/usr/lib/postgresql/${POSTGRES_VERSION}/bin`

/** One lab host with PostgreSQL and the agent's programs. */
export interface BenchHost {
  /** Runs a program there as root; answers its output. Throws when it fails. */
  readonly exec: (argv: readonly string[], options?: ExecOptions) => Promise<string>
  /** The host as the planner knows it, from the facts that its agent collects. */
  readonly node: () => Promise<SnapshotNode>
  /** What the machine and the lab have used of the processors so far. */
  readonly cpu: () => Promise<CpuReading>
}

export interface OpenHost {
  readonly name: string
  readonly subnet: string
  readonly context: LabContext
}

/** Gives `work` a host and ends the lab after it, also when it failed, was interrupted, or the host did not come up. */
export async function withHost<T>(request: OpenHost, work: (host: BenchHost) => Promise<T>): Promise<T> {
  const { name, context } = request
  const guard = guardByOwner(name)
  try {
    await endLab(name, context)
    return await work(await openHost(request))
  } finally {
    await endLab(name, ending(context))
    guard.release()
  }
}

async function openHost({ name, subnet, context }: OpenHost): Promise<BenchHost> {
  const agent = await agentLayer(os, await buildAgent(context), context)
  const packages = [`postgresql-${POSTGRES_VERSION}`, `postgresql-client-${POSTGRES_VERSION}`]
  const layer = await packageLayer({ os, packages, lower: [agent, await baseImage(os, context)] }, context)
  const lab = await createLab({ name, subnet }, context)
  const [status] = await lab.addHosts({ count: 1, os, layers: [layer, agent] })
  const exec = async (argv: readonly string[], options?: ExecOptions): Promise<string> =>
    (await lab.exec(host, argv, options)).stdout
  const { unified } = await findHierarchies()
  const labCpu = join(unified, labPaths(name, context.roots).cgroup, 'cpu.stat')
  // It would look for its orchestrator all the time.
  await exec(['systemctl', 'mask', '--now', 'drover-agent.service'])
  await exec(['mkdir', '--parents', DATA_ROOT])
  return {
    exec,
    node: async () => nodeOf(await collect(exec), status?.address ?? ''),
    cpu: async () => ({ machine: await readFile('/proc/stat', 'utf8'), lab: await readFile(labCpu, 'utf8') }),
  }
}

/** What the agent of an enrolled host would report, its figure for a durable write included. */
async function collect(exec: BenchHost['exec']): Promise<NodeFacts> {
  const child = ['/usr/lib/drover-agent/node', '/usr/lib/drover-agent/facts-child.mjs']
  const facts = parseChildAnswer(await exec([...child, 'collect'], { timeoutMs: 60_000 }))
  const probe = parseChildAnswer(await exec([...child, 'probe', DATA_ROOT], { timeoutMs: 60_000 }))
  if (facts?.kind !== 'facts' || probe?.kind !== 'fsync')
    throw new DroverError('failed', `the agent's facts process answered ${facts?.kind} and ${probe?.kind}`)
  return { ...facts.facts, fsync: probe.fsync satisfies FsyncProbe }
}

function nodeOf(facts: NodeFacts, address: string): SnapshotNode {
  const known = osOf(facts)
  const node = { id: host, name: host, state: 'ready', address, labels: {}, facts } as const
  return known === undefined ? node : { ...node, os: known }
}

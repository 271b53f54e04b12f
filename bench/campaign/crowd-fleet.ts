import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FleetClient } from '../../shared/wire/services.ts'
import { CrashFleet } from '../../test/support/crash/crash-fleet.ts'
import { bundlePrograms } from '../../test/support/crash/crash-programs.ts'
import { OFFERS_FILE } from './offers-file.ts'

export interface CrowdSize {
  readonly clusters: number
  readonly nodes: number
}

/** A real orchestrator and as many real agents as there are made-up machines, with clusters of one to three members. */
export interface CrowdFleet extends AsyncDisposable {
  readonly fleet: CrashFleet
  /** By cluster: the names of its nodes. */
  readonly nodesOf: ReadonlyMap<string, readonly string[]>
}

const ZONES = 10
/** Everything is there: plans and applies of such a size take their time on a small machine. */
const PATIENCE_MS = 30 * 60_000

export function zoneOf(node: string): string {
  return `z${Number(/\d+$/.exec(node)?.[0] ?? 0) % ZONES}`
}

export async function startCrowdFleet(
  { clusters, nodes }: CrowdSize,
  tools: { readonly report: (line: string) => void; readonly signal: AbortSignal },
): Promise<CrowdFleet> {
  const programs = await bundlePrograms('bench/campaign/crowd-orchestrator.ts', 'bench/campaign/crowd-agents.ts')
  let fleet: CrashFleet | undefined
  async function end(): Promise<void> {
    await fleet?.[Symbol.asyncDispose]()
    await programs[Symbol.asyncDispose]()
  }
  try {
    const since = performance.now()
    const told = (what: string): void => tools.report(`${what}, ${Math.round((performance.now() - since) / 1000)} s`)
    const labels = (name: string): Record<string, string> => ({ zone: zoneOf(name) })
    fleet = await CrashFleet.start({ programs, hosts: nodes, labels, signal: tools.signal })
    told(`${nodes} agents are connected`)
    tools.signal.throwIfAborted()
    const request = { specYaml: specOf(clusters), fileName: 'fleet.yml' }
    const { operationId } = await fleet.ask(api => api.Apply(request), { timeoutMs: PATIENCE_MS })
    told(`${clusters} clusters are planned`)
    await operationEnds(fleet, operationId, tools.signal)
    told(`${clusters} clusters run`)
    await writeFile(join(fleet.directory, OFFERS_FILE), 'both')
    const status = await fleet.ask(api => api.Status({}), { timeoutMs: PATIENCE_MS })
    const nodesOf = new Map(status.clusters.map(({ name, members }) => [name, members.map(({ node }) => node)]))
    return { fleet, nodesOf, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Asks once a second; an orchestrator that is away comes back. Throws when it has not come to its end as it should. */
export async function operationEnds(fleet: CrashFleet, operationId: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const { operations } = await fleet.insist((api: FleetClient) => api.ListOperations({ limit: 2_000 }))
    const found = operations.find(each => each.operationId === operationId)
    if (found?.state === 'done') return
    if (found === undefined || found.state === 'failed' || found.state === 'cancelled') {
      const { failure } = await fleet.insist(api => api.ShowOperation({ operationId }))
      throw new Error(`${operationId} ended: ${found?.state ?? 'forgotten'}; ${failure?.message ?? ''}`)
    }
    await new Promise(resolve => setTimeout(resolve, 2_000))
  }
}

/** Of every ten clusters one has one member, two have three, and the others have two. */
function specOf(clusters: number): string {
  const lines = Array.from({ length: clusters }, (_, index) => {
    const members = index % 10 === 0 ? 1 : index % 5 === 1 ? 3 : 2
    return `  - { name: pg-${String(index).padStart(3, '0')}, members: ${members}, durability: async, workload: tiny }`
  })
  return ['version: 1', 'fleet: { name: test }', 'etcd: { members: 3 }', 'clusters:', ...lines, ''].join('\n')
}

import {
  COMPONENT_PACKAGES,
  type Component,
  type ComponentReport,
  type ComponentsPlan,
  type ComponentsReport,
  type ComponentTurn,
} from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { FindingCode } from '../../../../shared/domain/health.ts'
import type { OperationKind, ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'
import type { AgentNode } from '../agents/upgrade-agents.ts'
import { planTurns } from './plan-turns.ts'

export interface UpgradeComponentsInput {
  readonly components: readonly Component[]
  readonly to: Readonly<Partial<Record<Component, string>>>
  readonly nodes: readonly AgentNode[]
  readonly drainMs: number
  /** What somebody has looked at and accepts, on every host. */
  readonly ignoreHealth?: readonly FindingCode[]
}

const WAIT_MS = 1_000
const SEEN_MS = 15_000

/**
 * Takes what runs beside PostgreSQL to another version (docs/upgrades.md): component after component, one host at a time, each an
 * operation of its own that takes itself back. After the first that fails nothing more is begun.
 */
export const upgradeComponents: OperationKind<UpgradeComponentsInput, ComponentsReport> = {
  kind: 'upgrade-components',
  async run(input, op) {
    op.phase('look')
    const { turns } = await op.step(lookAtComponents(input))
    op.phase('fetch')
    for (const [os, packages] of byOs(turns, input)) await op.step(fetchPackages(os, packages))
    const changes: ComponentReport[] = []
    for (const component of new Set(turns.map(turn => turn.component))) {
      op.phase(component)
      for (const turn of turns.filter(each => each.component === component))
        changes.push(await op.step(takeTurn(turn, input)))
    }
    return { output: { changes } }
  },
}

export function lookAtComponents(input: UpgradeComponentsInput): ProgramStep<ComponentsPlan> {
  return {
    title: `look at ${input.nodes.length} hosts`,
    async act(context) {
      const manifests = await context.fleet.manifests()
      const observations = await seen(input, context)
      const turns = planTurns(input, {
        nodes: input.nodes,
        manifests,
        observations,
        offers: await offersFor(input, context),
      })
      const silent = turns.find(
        ({ node }) => !observations.has(input.nodes.find(({ name }) => name === node)?.id ?? ''),
      )
      if (silent !== undefined)
        throw new DroverError('conflict', `nothing was begun: the agent of ${silent.node} is silent`, {
          retryable: false,
          hint: 'drover node list',
        })
      return { result: { turns }, detail: turns.length === 0 ? 'nothing to do' : `${turns.length} turns` }
    },
  }
}

/** An orchestrator that has just been started must be told first. */
async function seen({ nodes }: UpgradeComponentsInput, { fleet, clock, signal }: StepContext) {
  const since = clock.monotonic()
  for (;;) {
    const observations = fleet.observations()
    if (nodes.every(({ id }) => observations.has(id)) || clock.monotonic() - since > SEEN_MS) return observations
    await clock.sleep(WAIT_MS, signal)
  }
}

async function offersFor({ components, nodes }: UpgradeComponentsInput, { shelf, signal }: StepContext) {
  const names = components.flatMap(component => COMPONENT_PACKAGES[component])
  const systems = [...new Set(nodes.map(({ os }) => os))].sort()
  return Object.fromEntries(
    await Promise.all(systems.map(async os => [os, await shelf.offers(os, names, signal)] as const)),
  )
}

type Packages = readonly { readonly name: string; readonly version: string }[]

function byOs(turns: readonly ComponentTurn[], { nodes }: UpgradeComponentsInput): ReadonlyMap<string, Packages> {
  const osOf = new Map(nodes.map(({ name, os }) => [name, os]))
  const grouped = Map.groupBy(turns, ({ node }) => osOf.get(node) ?? '')
  return new Map(
    [...grouped].map(([os, all]) => {
      const texts = new Map(all.flatMap(({ packages }) => packages.map(({ name, to }) => [name, to] as const)))
      return [os, [...texts].map(([name, version]) => ({ name, version }))]
    }),
  )
}

function fetchPackages(os: string, packages: Packages): ProgramStep<null> {
  return {
    title: `fetch ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')} for ${os}`,
    async act({ shelf, signal, progress }) {
      await shelf.fill({ os, packages, signal, onProgress: progress })
      return { result: null, detail: 'they are in the fleet repository' }
    },
  }
}

/** Waits while somebody else holds what it needs. Begun again after a crash, it finds that what is done is done. */
function takeTurn(
  { node, component, packages }: ComponentTurn,
  { drainMs, ignoreHealth = [] }: UpgradeComponentsInput,
): ProgramStep<ComponentReport> {
  return {
    title: `${component} of ${node}`,
    async act(context) {
      const { children, operationId: parent, clock, signal } = context
      const request = { node, component, packages, drainMs }
      for (let said = ''; ; ) {
        try {
          const child = await children.begin({ parent, kind: 'renew-component', request, ignoreHealth })
          const { summary, failure, output } = await children.ended(child, signal)
          if (summary.state !== 'done')
            throw new DroverError('failed', failure?.message ?? `it was ${summary.state}`, {
              retryable: false,
              hint: `drover operation show ${child}`,
            })
          const tookMs = (summary.endedAt ?? summary.createdAt) - summary.createdAt
          const report = { ...(output as Omit<ComponentReport, 'tookMs'>), tookMs }
          return { result: report, detail: `${report.from} to ${report.to}` }
        } catch (error) {
          const { code, message } = DroverError.from(error)
          if (code !== 'locked') throw error
          if (message !== said) context.progress((said = message))
          await clock.sleep(WAIT_MS, signal)
        }
      }
    },
  }
}

import { COMPONENT_PACKAGES, type ComponentsPlan } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { componentWaves } from '../../../plan/campaign/component-waves.ts'
import type { Observations } from '../../conditions.ts'
import type { ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'
import { hostUnit } from '../campaign/host-unit.ts'
import { planTurns } from './plan-turns.ts'
import type { UpgradeComponentsInput } from './upgrade-components.ts'

const WAIT_MS = 1_000
const SEEN_MS = 15_000

/** Which host gets what, and in which waves. Throws `conflict` when one of them is silent. */
export function lookAtComponents(input: UpgradeComponentsInput): ProgramStep<ComponentsPlan> {
  return {
    title: `look at ${input.hosts.length} hosts`,
    async act(context) {
      const manifests = await context.fleet.manifests()
      const observations = await seen(input, context)
      const offers = await offersFor(input, context)
      const turns = planTurns(input, { nodes: input.hosts, manifests, observations, offers })
      const waves = componentWaves(turns, input.hosts.map(hostUnit), input.policy)
      const silent = turns.find(
        ({ node }) => !observations.has(input.hosts.find(({ name }) => name === node)?.id ?? ''),
      )
      if (silent !== undefined)
        throw new DroverError('conflict', `nothing was begun: the agent of ${silent.node} is silent`, {
          retryable: false,
          hint: 'drover node list',
        })
      const detail = `${turns.length} turns in ${waves.length} waves`
      return { result: { turns, waves }, detail: turns.length === 0 ? 'nothing to do' : detail }
    },
  }
}

/** An orchestrator that has just been started must be told first. */
async function seen({ hosts }: UpgradeComponentsInput, context: StepContext): Promise<Observations> {
  const { fleet, clock, signal } = context
  const since = clock.monotonic()
  for (;;) {
    const observations = fleet.observations()
    if (hosts.every(({ id }) => observations.has(id)) || clock.monotonic() - since > SEEN_MS) return observations
    await clock.sleep(WAIT_MS, signal)
  }
}

async function offersFor({ components, hosts }: UpgradeComponentsInput, { shelf, signal }: StepContext) {
  const names = components.flatMap(component => COMPONENT_PACKAGES[component])
  const systems = [...new Set(hosts.map(({ os }) => os))].sort()
  return Object.fromEntries(
    await Promise.all(systems.map(async os => [os, await shelf.offers(os, names, signal)] as const)),
  )
}

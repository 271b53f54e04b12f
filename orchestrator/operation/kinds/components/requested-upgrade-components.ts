import { z } from 'zod'
import { COMPONENTS, type ComponentsPlan } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { FINDING_CODES } from '../../../../shared/domain/health.ts'
import type { FleetAccess } from '../../dependencies.ts'
import { CAMPAIGN_LOCK } from '../../journal.ts'
import type { OperationKind } from '../../program.ts'
import { onRequest } from '../requested-kind.ts'
import { lookAtComponents, type UpgradeComponentsInput, upgradeComponents } from './upgrade-components.ts'

const component = z.enum(COMPONENTS)

const componentsRequest = z.strictObject({
  components: z.array(component).default([]),
  to: z.partialRecord(component, z.string()).default({}),
  nodes: z.array(z.string()).optional(),
  drainSeconds: z.number().min(0).max(86_400).default(600),
  ignoreHealth: z.array(z.enum(FINDING_CODES)).default([]),
})

/** `drover upgrade components`. One upgrade at a time. */
export const requestedUpgradeComponents = onRequest({
  kind: upgradeComponents,
  request: componentsRequest,
  async prepare(request, { fleet }) {
    const input = await inputOf(request, fleet)
    return { subject: input.components.join(', '), clusters: [], locks: [CAMPAIGN_LOCK], input }
  },
})

const componentsPlan: OperationKind<UpgradeComponentsInput, ComponentsPlan> = {
  kind: 'upgrade-components-plan',
  async run(input, op) {
    op.phase('look')
    return { output: await op.step(lookAtComponents(input)) }
  },
}

/** `drover upgrade components --dry-run`: changes nothing. */
export const requestedComponentsPlan = onRequest({
  kind: componentsPlan,
  request: componentsRequest,
  async prepare(request, { fleet }) {
    const input = await inputOf(request, fleet)
    return { subject: input.components.join(', '), clusters: [], locks: [], input }
  },
})

/** Throws `not-found` for a node that there is not, `invalid` for a version of a component that is not asked for. */
async function inputOf(
  { components, to, nodes: names, drainSeconds, ignoreHealth }: z.output<typeof componentsRequest>,
  fleet: Pick<FleetAccess, 'snapshot'>,
): Promise<UpgradeComponentsInput> {
  const asked = components.length === 0 ? COMPONENTS : components
  const stray = Object.keys(to).find(name => !asked.some(each => each === name))
  if (stray !== undefined)
    throw new DroverError('invalid', `a version of ${stray} is named, which is not to be upgraded`)
  const known = (await fleet.snapshot({})).nodes.filter(({ manifest }) => manifest !== undefined)
  const missing = (names ?? []).find(name => !known.some(node => node.name === name))
  if (missing !== undefined)
    throw new DroverError('not-found', `there is no node ${missing} to which anything was applied`, {
      hint: 'drover node list',
    })
  const nodes = known
    .filter(({ name }) => names === undefined || names.includes(name))
    .flatMap(({ id, name, os }) => (os === undefined ? [] : [{ id, name, os }]))
  return { components: asked, to, nodes, drainMs: drainSeconds * 1000, ignoreHealth }
}

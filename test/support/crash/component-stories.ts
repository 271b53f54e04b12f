import { expect } from 'vitest'
import { packagesOf, unitsOf } from '../../../orchestrator/plan/component-manifest.ts'
import { COMPONENTS, type Component } from '../../../shared/domain/component.ts'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory } from './crash-matrix.ts'
import { OTHER } from './fake-versions.ts'
import type { WorldState } from './fake-world.ts'
import { begin, CLUSTER, leaderOf, toStage } from './fleet-stages.ts'

type Way = 'forward' | 'back' | 'in turns'

/** There and back again, on the host of the primary, or of a voter. */
const RENEWALS: readonly CrashStory[] = [
  ...COMPONENTS.map(component => renewal(component, component === 'patroni' ? 'forward' : 'in turns')),
  // A primary hands over only on the way forward.
  renewal('patroni', 'back'),
]

function renewal(component: Component, way: Way): CrashStory {
  return {
    kind: `renew-component ${component}${way === 'back' ? ' back' : ''}`,
    mayBeTakenBack: component === 'patroni' || component === 'pgbouncer',
    isAboutOthers: true,
    async prepare(fleet) {
      await toStage(fleet, 'running')
      const state = fleet.world.state()
      const node = nodeFor(component, state)
      return { node, version: versionOn(node, component, state) }
    },
    ask: (api, { node = '', version = '' }) => {
      const packages = [{ name: MAIN[component], from: version, to: otherThan(version) }]
      const isBack = way === 'back' || (way === 'in turns' && version.endsWith(OTHER))
      return begin(api, 'renew-component', { node, component, packages, drainMs: 1, isBack })
    },
    async verify(fleet, { given, before, isDone }) {
      const state = fleet.world.state()
      const { node = '', version = '' } = given
      if (isDone) {
        expect(versionOn(node, component, state)).not.toBe(version)
        expectRenewed(fleet, node, component)
      }
      expect(state.dynamic[CLUSTER]).not.toHaveProperty('pause')
      expect(state.timers).toEqual({})
      // A component never takes a server with it; a primary that hands over is no start of the one that takes over.
      if (component !== 'pgbouncer') expect(state.starts).toEqual(before.starts)
    },
  }
}

/** HAProxy on every host that has it, in waves. */
const CAMPAIGN: CrashStory = {
  kind: 'upgrade-components',
  mayBeTakenBack: false,
  isAboutOthers: true,
  async prepare(fleet) {
    await toStage(fleet, 'running')
    const state = fleet.world.state()
    return { to: otherThan(versionOn(nodeFor('haproxy', state), 'haproxy', state)) }
  },
  ask: (api, { to = '' }) =>
    begin(api, 'upgrade-components', { components: ['haproxy'], to: { haproxy: to }, soakSeconds: 1 }),
  async verify(fleet, { given, before }) {
    const state = fleet.world.state()
    const nodes = Object.keys(state.manifests).filter(node => versionOn(node, 'haproxy', state) !== '')
    expect(nodes).toHaveLength(3)
    for (const node of nodes) {
      expect(versionOn(node, 'haproxy', state)).toBe(given['to'])
      expectRenewed(fleet, node, 'haproxy')
    }
    expect(state.starts).toEqual(before.starts)
  },
}

export const COMPONENT_STORIES: readonly CrashStory[] = [...RENEWALS, CAMPAIGN]

function otherThan(version: string): string {
  return version.endsWith(OTHER) ? version.slice(0, -OTHER.length) : version + OTHER
}

const MAIN: Readonly<Record<Component, string>> = {
  haproxy: 'haproxy',
  etcd: 'etcd-server',
  patroni: 'patroni',
  pgbouncer: 'pgbouncer',
}

/** Every unit of the component runs from what is installed. */
function expectRenewed(fleet: CrashFleet, node: string, component: Component): void {
  const { manifests, renewed } = fleet.world.state()
  const manifest = manifests[node]
  if (manifest === undefined) throw new Error(`${node} has no manifest`)
  const units = unitsOf(component, manifest)
  expect(units).not.toEqual([])
  for (const unit of units) expect(renewed[unit]).toBe(packagesOf(component, manifest)[0]?.version)
}

function nodeFor(component: Component, state: WorldState): string {
  const found = Object.entries(state.manifests).find(([, { watches }]) =>
    component === 'etcd'
      ? watches.etcd !== undefined
      : watches.instances.some(({ instance }) => instance === leaderOf(state)),
  )
  if (found === undefined) throw new Error(`no host has ${component}`)
  return found[0]
}

function versionOn(node: string, component: Component, { manifests }: WorldState): string {
  const found = manifests[node]?.packages.find(({ name }) => name === MAIN[component])
  return found?.version ?? ''
}

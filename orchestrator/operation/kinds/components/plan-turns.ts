import {
  COMPONENT_PACKAGES,
  COMPONENTS,
  type Component,
  type ComponentTurn,
} from '../../../../shared/domain/component.ts'
import { compareDebianVersions, upstream } from '../../../../shared/domain/debian-version.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import { leads } from '../../../../shared/domain/observation.ts'
import { packagesOf } from '../../../plan/component-manifest.ts'
import type { Observations } from '../../conditions.ts'
import type { Offers } from '../upgrade/target.ts'

export interface Scenery {
  readonly nodes: readonly { readonly id: NodeId; readonly name: string; readonly os: string }[]
  readonly manifests: ReadonlyMap<NodeId, Manifest>
  readonly observations: Observations
  /** By OS. */
  readonly offers: Readonly<Record<string, Offers>>
}

/**
 * Component after component, host after host: those that lead nothing come first, so that there is somebody to hand over to when a
 * leader's turn comes. Throws `not-found` for a version that no source has. Pure.
 */
export function planTurns(
  wanted: { readonly components: readonly Component[]; readonly to: Readonly<Partial<Record<Component, string>>> },
  scenery: Scenery,
): readonly ComponentTurn[] {
  const { nodes, manifests, offers } = scenery
  /** An older version only when somebody has named it. */
  const isNamed = (component: Component): boolean => wanted.to[component] !== undefined
  return COMPONENTS.filter(component => wanted.components.includes(component)).flatMap(component =>
    nodes
      .toSorted((left, right) => leaders(left.id, component, scenery) - leaders(right.id, component, scenery))
      .flatMap(({ id, name, os }): ComponentTurn[] => {
        const manifest = manifests.get(id)
        if (manifest === undefined) return []
        const target = targetOf(component, wanted.to[component], { os, offers: offers[os] ?? {} })
        const packages = packagesOf(component, manifest)
          .map(item => ({ name: item.name, from: item.version, to: target[item.name] ?? item.version }))
          .filter(({ from, to }) => from !== to && (isNamed(component) || compareDebianVersions(from, to) < 0))
        return packages.length === 0 ? [] : [{ node: name, component, packages }]
      }),
  )
}

/** The newest, or the newest that is the named one; what is built together has one version. */
function targetOf(
  component: Component,
  to: string | undefined,
  { os, offers }: { readonly os: string; readonly offers: Offers },
): Readonly<Record<string, string>> {
  const [main, ...others] = COMPONENT_PACKAGES[component]
  const offered = offers[main] ?? []
  const newest = (versions: readonly string[]): string | undefined => versions.toSorted(compareDebianVersions).at(-1)
  const version = to === undefined ? newest(offered) : offered.find(each => each === to || upstream(each) === to)
  if (version === undefined) {
    if (to === undefined) return {}
    const there = offered.length === 0 ? '' : `; on offer: ${offered.join(', ')}`
    throw new DroverError('not-found', `no package source of ${os} has ${main} ${to}${there}`, { retryable: false })
  }
  const beside = others.flatMap(name => {
    const own = offers[name] ?? []
    const chosen = own.includes(version) ? version : newest(own)
    return chosen === undefined ? [] : [[name, chosen] as const]
  })
  return { [main]: version, ...Object.fromEntries(beside) }
}

/** How many primaries the host has; of etcd, whether it has the leader. */
function leaders(id: NodeId, component: Component, { observations }: Pick<Scenery, 'observations'>): number {
  const seen = observations.get(id)
  if (component === 'etcd') return seen?.etcd?.leader === true ? 1 : 0
  return seen?.instances.filter(({ role }) => leads(role)).length ?? 0
}

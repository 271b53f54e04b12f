import type { Component } from '../../shared/domain/component.ts'
import { COMPONENT_PACKAGES, componentOf } from '../../shared/domain/component.ts'
import type { Manifest, PackageItem } from '../../shared/domain/manifest.ts'

/** With other versions of packages that it has; others are not added. Pure. */
export function withVersions(manifest: Manifest, versions: readonly PackageItem[]): Manifest {
  const wanted = new Map(versions.map(({ name, version }) => [name, version]))
  const packages = manifest.packages.map(({ name, version }) => ({ name, version: wanted.get(name) ?? version }))
  return { ...manifest, packages }
}

/** Of a component, what the node has. */
export function packagesOf(component: Component, { packages }: Manifest): readonly PackageItem[] {
  return packages.filter(({ name }) => COMPONENT_PACKAGES[component].includes(name))
}

/** Those that the node starts. */
export function unitsOf(component: Component, { units }: Manifest): readonly string[] {
  return units
    .filter(({ name, state }) => state === 'started' && componentOf(name) === component)
    .map(({ name }) => name)
}

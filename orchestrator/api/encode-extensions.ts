import type { ExtensionOffer } from '../../proto/gen/drover/v1/ExtensionOffer.ts'
import { osOf } from '../inventory/snapshot-builder.ts'
import { EXTENSIONS } from '../plan/extension-catalogue.ts'
import { findExtension, withRequired } from '../plan/extensions.ts'
import type { FleetView, NodeView } from './fleet-view.ts'

/** What may be declared on one OS and major: what its package sources offer, or what is installed already; by name. Pure. */
export function extensionsOffered({
  os,
  major,
  versions,
  view,
}: {
  readonly os: string
  readonly major: number
  /** By package: the version on offer. A name that is absent is not on offer. */
  readonly versions: Readonly<Record<string, string>>
  readonly view: FleetView
}): readonly ExtensionOffer[] {
  const here = [...view.nodes.values()].filter(({ facts }) => facts !== undefined && osOf(facts) === os)
  return Object.keys(EXTENSIONS)
    .sort()
    .flatMap((name): readonly ExtensionOffer[] => {
      const extension = findExtension(name, major)
      if (extension === undefined) return []
      const ownPackage = extension.packageName?.(major)
      const package_ = ownPackage ?? `postgresql-${major}`
      const nodes = here.filter(node => hasPackage(node, package_)).map(({ record }) => record.name)
      const version = versions[package_] ?? here.flatMap(node => installedVersion(node, package_) ?? [])[0]
      if (version === undefined) return []
      const needed = withRequired(name, major)
      const preload = [...new Set(needed.flatMap(({ preload: library }) => library ?? []))].sort()
      return [
        {
          name,
          os,
          major,
          package: ownPackage ?? '',
          version,
          preload,
          restart: preload.length > 0,
          databaseSetting: extension.databaseSetting ?? '',
          requires: [...(extension.requires ?? [])],
          nodes,
          declared: declaredIn(name, view),
        },
      ]
    })
}

function hasPackage(node: NodeView, name: string): boolean {
  return installedVersion(node, name) !== undefined
}

function installedVersion({ manifest }: NodeView, name: string): string | undefined {
  return manifest?.manifest.packages.find(item => item.name === name)?.version
}

function declaredIn(name: string, { spec }: FleetView): string[] {
  return (spec?.clusters ?? []).flatMap(cluster =>
    [...cluster.databases, { ...cluster.template, name: 'template1' }].flatMap(home =>
      home.extensions.some(each => each.name === name && each.waits === undefined)
        ? [`${cluster.name}/${home.name}`]
        : [],
    ),
  )
}

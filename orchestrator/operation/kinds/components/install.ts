import type { NodeId } from '../../../../shared/domain/ids.ts'
import { withVersions } from '../../../plan/component-manifest.ts'
import type { ProgramStep } from '../../program.ts'
import { changeManifest } from '../../steps/change-manifest.ts'

export interface PackageChange {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** The files of the packages, in place; nothing starts anew by it. Whatever runs goes on with the files it was started from. */
export function installed(
  change: {
    readonly nodeId: NodeId
    readonly node: string
    readonly packages: readonly PackageChange[]
  },
  direction: 'forward' | 'back',
): ProgramStep<null> {
  const { nodeId, node, packages } = change
  const items = (to: 'forward' | 'back') =>
    packages.map(each => ({ name: each.name, version: to === 'forward' ? each.to : each.from }))
  const words = items(direction).map(({ name, version }) => `${name} ${version}`)
  return {
    title: `install ${words.join(', ')} on ${node}`,
    nodeId,
    async act(context) {
      return {
        result: null,
        ...(await changeManifest(nodeId, manifest => withVersions(manifest, items(direction)), context)),
      }
    },
    async compensate(context) {
      await changeManifest(nodeId, manifest => withVersions(manifest, items('back')), context)
      return { detail: 'what was there is back' }
    },
  }
}

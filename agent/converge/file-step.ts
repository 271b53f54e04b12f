import { dirname } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FileItem } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import { contentDifference } from './content-difference.ts'
import type { Owners } from './owners.ts'
import type { Step } from './step.ts'

export function fileStep(item: FileItem, parts: { files: HostFiles; owners: Owners }): Step {
  const { files, owners } = parts
  return {
    kind: 'file',
    name: item.path,
    reactions: item.reactions,
    difference: async () => {
      const there = await files.lstat(item.path)
      if (there === null) return 'does not exist'
      if (there.kind === 'symlink') return 'a symbolic link is there, not a file'
      if (there.kind !== 'file') throw new DroverError('conflict', `a ${there.kind} is there, not a file`)
      const missing = await owners.missing(item)
      if (missing !== null) return `${missing} does not exist`
      const actual = (await files.readText(item.path)) ?? ''
      const content = contentDifference({ actual, wanted: item.content, secret: item.secret })
      const attributes = await owners.difference(there, item)
      return joined(content, attributes)
    },
    change: async () => {
      await makeParent(item, files)
      await files.writeAtomic({ path: item.path, content: item.content, ...(await owners.resolve(item)) })
    },
  }
}

/** A file that comes before the packages may come before the folder that a package brings. */
async function makeParent(item: FileItem, files: HostFiles): Promise<void> {
  const parent = dirname(item.path)
  if (item.beforePackages === true && (await files.stat(parent)) === null)
    await files.mkdir({ path: parent, mode: 0o755 })
}

function joined(...parts: readonly (string | null)[]): string | null {
  const present = parts.filter(part => part !== null)
  return present.length === 0 ? null : present.join('; ')
}

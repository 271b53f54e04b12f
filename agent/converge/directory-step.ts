import { DroverError } from '../../shared/domain/errors.ts'
import type { DirectoryItem } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Owners } from './owners.ts'
import type { Step } from './step.ts'

export function directoryStep(item: DirectoryItem, parts: { files: HostFiles; owners: Owners }): Step {
  const { files, owners } = parts
  return {
    kind: 'directory',
    name: item.path,
    difference: async () => {
      const there = await files.lstat(item.path)
      if (there === null) return 'does not exist'
      if (there.kind !== 'directory') throw new DroverError('conflict', `a ${there.kind} is there, not a directory`)
      const missing = await owners.missing(item)
      return missing === null ? owners.difference(there, item) : `${missing} does not exist`
    },
    change: async () => files.mkdir({ path: item.path, ...(await owners.resolve(item)) }),
  }
}

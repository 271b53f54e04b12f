import { DroverError } from '../../shared/domain/errors.ts'
import type { LinkItem } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Step } from './step.ts'

/** Whoever goes through the link finds the old target or the new one, never none. */
export function linkStep(item: LinkItem, { files }: { readonly files: HostFiles }): Step {
  return {
    kind: 'link',
    name: item.path,
    difference: async () => {
      const there = await files.lstat(item.path)
      if (there === null) return 'does not exist'
      if (there.kind !== 'symlink') throw new DroverError('conflict', `a ${there.kind} is there, not a symbolic link`)
      const target = await files.readlink(item.path)
      return target === item.target ? null : `leads to ${target}, not to ${item.target}`
    },
    change: () => files.symlink(item),
  }
}

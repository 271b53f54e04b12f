import { DroverError } from '../../shared/domain/errors.ts'
import type { LeftoverItem } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Step } from './step.ts'

/** Configuration and keys, below what is Drover's own. Data are never a leftover. */
const FOLDERS = [
  /^\/etc\/drover\/(patroni|pgbouncer|haproxy|tls)\/[^/]+$/,
  /^\/etc\/systemd\/system\/drover-[a-z-]+@[^/]+\.service\.d$/,
]

export function leftoverStep(item: LeftoverItem, { files }: { readonly files: HostFiles }): Step {
  return {
    kind: 'leftover',
    name: item.path,
    difference: async () => ((await files.lstat(item.path)) === null ? null : 'is still there'),
    change: async () => {
      if (leftoverObjection(item.path) !== null) throw new DroverError('invalid', `${item.path} is not to be removed`)
      await files.remove({ path: item.path, recursive: true })
    },
  }
}

/** Why this agent removes no such path, whoever asks; null when it does. */
export function leftoverObjection(path: string): string | null {
  const isOwn = FOLDERS.some(folder => folder.test(path)) && !/\/(etcd|\.{1,2})$/.test(path)
  return isOwn ? null : `${path} is no leftover of a member`
}

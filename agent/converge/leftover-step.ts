import { DroverError } from '../../shared/domain/errors.ts'
import type { LeftoverItem, Manifest } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Step } from './step.ts'

/** Configuration and keys, below what is Drover's own. Data are never a leftover. */
const FOLDERS = [
  /^\/etc\/drover\/(patroni|pgbouncer|haproxy|tls)\/[^/]+$/,
  /^\/etc\/systemd\/system\/drover-[a-z-]+@[^/]+\.service\.d$/,
]
/** Of the one etcd of a host: leftovers where the same manifest stops it, which comes first. */
const ETCD = { unit: 'drover-etcd.service', paths: ['/etc/drover/etcd/etcd.yml', '/etc/drover/tls/etcd'] }

export function leftoverStep(
  item: LeftoverItem,
  manifest: Pick<Manifest, 'units'>,
  { files }: { readonly files: HostFiles },
): Step {
  return {
    kind: 'leftover',
    name: item.path,
    difference: async () => ((await files.lstat(item.path)) === null ? null : 'is still there'),
    change: async () => {
      if (leftoverObjection(item.path, manifest) !== null)
        throw new DroverError('invalid', `${item.path} is not to be removed`)
      await files.remove({ path: item.path, recursive: true })
    },
  }
}

/** Why this agent removes no such path, whoever asks; null when it does. */
export function leftoverObjection(path: string, { units }: Pick<Manifest, 'units'>): string | null {
  if (ETCD.paths.includes(path)) {
    const isStopped = units.some(({ name, state }) => name === ETCD.unit && state === 'stopped')
    return isStopped ? null : `${path} is no leftover while ${ETCD.unit} is not stopped`
  }
  const isOwn = FOLDERS.some(folder => folder.test(path)) && !/\/\.{1,2}$/.test(path)
  return isOwn ? null : `${path} is no leftover of a member`
}

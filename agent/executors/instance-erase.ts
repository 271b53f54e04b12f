import type { EraseArgs } from '../../shared/domain/erase.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Executor } from './executor.ts'

/** Where every instance of this agent's manifests lies. */
const HOMES = '/var/lib/drover/pg/'

export interface EraseParts {
  readonly files: HostFiles
  /** What this node was last brought to. */
  readonly manifest: () => Promise<Manifest | null>
  /** Unix milliseconds. */
  readonly now: () => number
}

/**
 * Deletes the data directory of a departed instance, and its home. Nothing is believed: the node's own manifest must name the
 * instance as departed with this very directory, its time must have come unless somebody asked by name, it must be a folder
 * of its own where instances lie and neither a link nor a mounted file system, and no server may run in it. What links lead to is
 * left. Cut off in the middle, it goes on where it was. Errors: `conflict` with what forbids it.
 */
export function createInstanceErase({ files, manifest, now }: EraseParts): Executor<'instance.erase'> {
  return async ({ args, progress }) => {
    const { instance, dataDirectory } = args
    refuseUnlessDeparted(args, await manifest())
    if (!args.early && now() < args.notBefore)
      throw refusal(args, `its data are kept until ${new Date(args.notBefore).toISOString()}`)
    const home = homeOf(args)
    await refuseUnlessPlain(home, args, files)
    await refuseUnlessPlain(dataDirectory, args, files)
    await refuseWhileRunning(args, files)
    const left = await linksOutOf(dataDirectory, files)
    progress(`deleting ${dataDirectory}`)
    const erased = await files.remove({ path: dataDirectory, recursive: true })
    await files.remove({ path: home, recursive: true })
    return { erased, left }

    function homeOf({ dataDirectory: path }: EraseArgs): string {
      const expected = `${HOMES}${instance}/data`
      if (!/^[a-z0-9][a-z0-9-]*$/.test(instance) || path !== expected)
        throw refusal(args, `its data would be in ${expected}, not in ${path}`)
      return `${HOMES}${instance}`
    }
  }
}

function refuseUnlessDeparted(args: EraseArgs, manifest: Manifest | null): void {
  const { instance, dataDirectory } = args
  if (manifest?.watches.instances.some(watch => watch.instance === instance) === true)
    throw refusal(args, 'it is a member of a cluster')
  const known = manifest?.departed?.find(each => each.instance === instance)
  if (known === undefined) throw refusal(args, 'the manifest of this node does not name it as departed')
  if (known.dataDirectory !== dataDirectory)
    throw refusal(args, `the manifest of this node names ${known.dataDirectory} as its data`)
}

/** Absent is fine: it was deleted before. */
async function refuseUnlessPlain(path: string, args: EraseArgs, files: HostFiles): Promise<void> {
  const [there, parent] = [await files.lstat(path), await files.lstat(path.slice(0, path.lastIndexOf('/')))]
  if (there === null) return
  if (there.kind !== 'directory') throw refusal(args, `${path} is a ${there.kind}, not a directory`)
  if (parent !== null && parent.device !== there.device)
    throw refusal(args, `${path} is a mounted file system; unmount it, or delete what is in it by hand`)
}

/** A postmaster that lives has its process in its own file, and its data directory as its working directory. */
async function refuseWhileRunning(args: EraseArgs, files: HostFiles): Promise<void> {
  const pid = (await files.readText(`${args.dataDirectory}/postmaster.pid`))?.split('\n')[0]?.trim()
  if (pid === undefined || !/^\d+$/.test(pid)) return
  if ((await files.readlink(`/proc/${pid}/cwd`)) === args.dataDirectory)
    throw refusal(args, `a server runs in it, process ${pid}`)
}

/** Tablespaces, and WAL on a disk of its own. */
async function linksOutOf(dataDirectory: string, files: HostFiles): Promise<readonly string[]> {
  const spaces = (await files.list(`${dataDirectory}/pg_tblspc`)) ?? []
  const paths = [`${dataDirectory}/pg_wal`, ...spaces.map(name => `${dataDirectory}/pg_tblspc/${name}`)]
  const targets: string[] = []
  for (const path of paths) {
    if ((await files.lstat(path))?.kind !== 'symlink') continue
    targets.push((await files.readlink(path)) ?? path)
  }
  return targets
}

function refusal({ instance }: EraseArgs, why: string): DroverError {
  return new DroverError('conflict', `the data of ${instance} are not erased: ${why}`, { retryable: false })
}

import { constants } from 'node:fs'
import { access, mkdir, readFile, statfs } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { LabContext } from './lab-context.ts'

/** What the machine must offer before a lab changes anything on it. */
export interface MachineNeeds {
  readonly uid: number
  /** The PATH on which programs are looked up. */
  readonly searchPath: string
}

const programs = ['debootstrap', 'flock', 'ip', 'nft', 'nsenter', 'systemd-nspawn', 'tar', 'unshare']

/** Space for a base image and a modest cluster; a host that writes more says so itself. */
const neededBytes = 2 * 1024 ** 3

/** Throws DroverError when this machine cannot run a lab: not root, a missing program, no overlay file systems, no space. */
export async function checkMachine({ uid, searchPath }: MachineNeeds, context: LabContext): Promise<void> {
  if (uid !== 0)
    throw unfit('the lab needs root: it makes namespaces, mounts and control groups', 'run the same command as root')
  const missing = await missingPrograms(searchPath)
  if (missing.length > 0) throw unfit(`these programs are missing: ${missing.join(', ')}`, 'run sh deploy/prepare.sh')
  if (!(await hasOverlay(context))) throw unfit('the kernel has no overlay file system', 'load it: modprobe overlay')
  for (const folder of new Set([context.cacheDir, context.roots.stateRoot])) await checkSpace(folder)
}

async function missingPrograms(searchPath: string): Promise<readonly string[]> {
  const folders = searchPath.split(delimiter).filter(Boolean)
  const found = await Promise.all(programs.map(program => isOnPath(program, folders)))
  return programs.filter((_, index) => found[index] !== true)
}

async function isOnPath(program: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const runnable = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runnable) return true
  }
  return false
}

async function hasOverlay({ run }: LabContext): Promise<boolean> {
  if ((await readFile('/proc/filesystems', 'utf8')).includes('\toverlay\n')) return true
  await run({ argv: ['modprobe', 'overlay'], anyExit: true }).catch(() => undefined)
  return (await readFile('/proc/filesystems', 'utf8')).includes('\toverlay\n')
}

async function checkSpace(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= neededBytes) return
  const free = Math.floor((bavail * bsize) / 1024 ** 2)
  throw new DroverError('exhausted', `${folder} has ${free} MiB free, the lab needs ${neededBytes / 1024 ** 2} MiB`, {
    hint: 'free some space, or choose another place for images with --cache DIR',
  })
}

function unfit(message: string, hint: string): DroverError {
  return new DroverError('unavailable', message, { hint, retryable: false })
}

import { join } from 'node:path'
import type { Problem } from '../../shared/domain/problem.ts'

/** Where everything of one lab lives. All of it is gone after `down`. */
export interface LabPaths {
  readonly namespace: string
  /** Name of the lab's control group, below each hierarchy's root. */
  readonly cgroup: string
  readonly stateDir: string
  readonly recordFile: string
  /** Held while something changes the lab. */
  readonly lockFile: string
  /** Held by `up` for as long as it takes, so that two of them cannot clear each other's beginnings. */
  readonly upLockFile: string
  readonly host: (host: string) => HostPaths
}

export interface HostPaths {
  readonly dir: string
  /** The host's own disk: what it wrote over the read-only layers. */
  readonly upper: string
  readonly work: string
  /** Mount point; mounted only inside the host's own mount namespace. */
  readonly root: string
  /** Files to unpack over the disk at the next boot. */
  readonly seed: string
  readonly credentials: string
  readonly console: string
}

export interface LabRoots {
  readonly stateRoot: string
  readonly runtimeRoot: string
}

export const defaultRoots: LabRoots = { stateRoot: '/var/lib/drover-lab', runtimeRoot: '/run/drover-lab' }

export function labPaths(name: string, roots: LabRoots): LabPaths {
  const stateDir = join(roots.stateRoot, name)
  return {
    namespace: `drover-${name}`,
    cgroup: `drover-${name}`,
    stateDir,
    recordFile: join(stateDir, 'lab.json'),
    lockFile: join(roots.runtimeRoot, `${name}.lock`),
    upLockFile: join(roots.runtimeRoot, `${name}.up.lock`),
    host: host => hostPaths(join(stateDir, 'hosts', host)),
  }
}

function hostPaths(dir: string): HostPaths {
  return {
    dir,
    upper: join(dir, 'upper'),
    work: join(dir, 'work'),
    root: join(dir, 'root'),
    seed: join(dir, 'seed'),
    credentials: join(dir, 'credentials'),
    console: join(dir, 'console.log'),
  }
}

/** A lab's name becomes part of file, namespace and control group names. */
export function checkLabName(name: string): Problem | undefined {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name) && !name.endsWith('-')) return undefined
  return {
    code: 'invalid-lab-name',
    message: `'${name}' is no name for a lab`,
    hint: 'use up to 31 lower-case letters, digits and hyphens, a letter first, for example lab or ci-2',
    severity: 'error',
  }
}

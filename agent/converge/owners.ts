import { DroverError } from '../../shared/domain/errors.ts'
import type { HostAccounts } from '../host/host.ts'

export interface Ownership {
  readonly owner: string
  readonly group: string
  /** Octal text. */
  readonly mode: string
}

export interface Owners {
  /** The name of the user or group that does not exist (yet), or null. */
  missing(wanted: Ownership): Promise<string | null>
  resolve(wanted: Ownership): Promise<{ readonly uid: number; readonly gid: number; readonly mode: number }>
  /** How owner, group and mode of what is there differ; null when they do not. */
  difference(actual: { uid: number; gid: number; mode: number }, wanted: Ownership): Promise<string | null>
}

/** Names to numbers, asked once each. Made after the users phase, when names no longer change. */
export function createOwners(accounts: HostAccounts): Owners {
  const uids = new Map<string, Promise<number | null>>()
  const gids = new Map<string, Promise<number | null>>()
  const uid = (name: string) => memo(uids, name, async () => (await accounts.user(name))?.uid ?? null)
  const gid = (name: string) => memo(gids, name, () => accounts.gid(name))

  async function resolve(wanted: Ownership) {
    const [user, group] = await Promise.all([uid(wanted.owner), gid(wanted.group)])
    if (user === null) throw new DroverError('not-found', `the user ${wanted.owner} does not exist on this host`)
    if (group === null) throw new DroverError('not-found', `the group ${wanted.group} does not exist on this host`)
    return { uid: user, gid: group, mode: parseMode(wanted.mode) }
  }

  return {
    resolve,
    missing: async wanted => {
      if ((await uid(wanted.owner)) === null) return `the user ${wanted.owner}`
      return (await gid(wanted.group)) === null ? `the group ${wanted.group}` : null
    },
    difference: async (actual, wanted) => {
      const target = await resolve(wanted)
      const parts: string[] = []
      if (actual.uid !== target.uid) parts.push(`owner is uid ${actual.uid}, not ${wanted.owner}`)
      if (actual.gid !== target.gid) parts.push(`group is gid ${actual.gid}, not ${wanted.group}`)
      if (actual.mode !== target.mode) parts.push(`mode is ${octal(actual.mode)}, not ${octal(target.mode)}`)
      return parts.length === 0 ? null : parts.join('; ')
    },
  }
}

function memo<T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const cached = cache.get(key)
  if (cached !== undefined) return cached
  const loading = load()
  cache.set(key, loading)
  return loading
}

export function parseMode(text: string): number {
  if (!/^[0-7]{3,4}$/.test(text)) throw new DroverError('invalid', `the mode ${JSON.stringify(text)} is not octal`)
  return Number.parseInt(text, 8)
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

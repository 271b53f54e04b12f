import type { HostFiles } from './files-types.ts'
import type { Exec, HostAccounts, UserAccount } from './host.ts'

const GETENT_TIMEOUT_MS = 5_000

/** Accounts from /etc/passwd and /etc/group, and from `getent` for accounts that another name service knows. */
export function createAccounts({ files, exec }: { readonly files: HostFiles; readonly exec: Exec }): HostAccounts {
  async function fields(database: 'passwd' | 'group', name: string): Promise<readonly string[] | null> {
    const local = findLine(await files.readText(`/etc/${database}`), name)
    return local ?? findLine(await getent(database, name), name)
  }

  async function getent(database: string, name: string): Promise<string | null> {
    try {
      const argv = ['getent', '--', database, name] as const
      const result = await exec({ argv: [...argv], timeoutMs: GETENT_TIMEOUT_MS, signal: new AbortController().signal })
      return result.code === 0 ? result.stdout : null
    } catch {
      return null
    }
  }

  return {
    user: async name => parseUser(await fields('passwd', name)),
    gid: async name => parseId((await fields('group', name))?.[2]),
  }
}

function findLine(text: string | null, name: string): readonly string[] | null {
  for (const line of (text ?? '').split('\n')) {
    if (line.startsWith(`${name}:`)) return line.split(':')
  }
  return null
}

function parseUser(fields: readonly string[] | null): UserAccount | null {
  if (fields === null) return null
  const [name = '', , uidText, gidText, , home = '/', shell = ''] = fields
  const uid = parseId(uidText)
  const gid = parseId(gidText)
  return uid === null || gid === null ? null : { name, uid, gid, home, shell: shell.trim() }
}

function parseId(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

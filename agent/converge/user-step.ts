import { DroverError } from '../../shared/domain/errors.ts'
import type { UserItem } from '../../shared/domain/manifest.ts'
import type { ConvergeHost } from './converge-host.ts'
import type { Step } from './step.ts'

const TIMEOUT_MS = 20_000
const ACCOUNT_NAME = /^[a-z_][a-z0-9_-]{0,31}$/

type Parts = Pick<ConvergeHost, 'accounts' | 'exec' | 'files'> & { readonly signal: AbortSignal }

/** A system account without a login, its own group and its extra groups. An account that is there already is only added to groups. */
export function userStep(item: UserItem, parts: Parts): Step {
  const { accounts, files } = parts
  const missingGroups = async () => {
    const memberships = await groupsOf(item.name, files)
    return (item.groups ?? []).filter(group => !memberships.has(group))
  }
  return {
    kind: 'user',
    name: item.name,
    difference: async () => {
      if ((await accounts.user(item.name)) === null) return 'does not exist'
      const missing = await missingGroups()
      return missing.length === 0 ? null : `is not in ${missing.join(', ')}`
    },
    change: async () => {
      for (const name of [item.name, ...(item.groups ?? [])]) assertAccountName(name)
      if ((await accounts.user(item.name)) === null) await addUser(item, parts)
      for (const group of await missingGroups()) {
        if ((await accounts.gid(group)) === null) await run(['groupadd', '--system', '--', group], parts)
        await run(['usermod', '--append', `--groups=${group}`, '--', item.name], parts)
      }
    },
  }
}

async function addUser(item: UserItem, parts: Parts): Promise<void> {
  const group = (await parts.accounts.gid(item.name)) === null ? '--user-group' : `--gid=${item.name}`
  const home = `--home-dir=${item.home ?? '/nonexistent'}`
  await run(
    ['useradd', '--system', '--no-create-home', home, '--shell=/usr/sbin/nologin', group, '--', item.name],
    parts,
  )
}

async function run(argv: readonly [string, ...string[]], { exec, signal }: Parts): Promise<void> {
  const result = await exec({ argv, timeoutMs: TIMEOUT_MS, signal })
  if (result.code !== 0) throw new DroverError('failed', `${argv[0]} failed: ${result.stderr.trim().slice(0, 400)}`)
}

async function groupsOf(user: string, files: Parts['files']): Promise<ReadonlySet<string>> {
  const lines = ((await files.readText('/etc/group')) ?? '').split('\n').map(line => line.split(':'))
  return new Set(lines.filter(fields => (fields[3] ?? '').split(',').includes(user)).map(fields => fields[0] ?? ''))
}

function assertAccountName(name: string): void {
  if (!ACCOUNT_NAME.test(name)) throw new DroverError('invalid', `${JSON.stringify(name)} is not a valid account name`)
}

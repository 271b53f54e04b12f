import { networkInterfaces } from 'node:os'
import { DroverError } from '../../shared/domain/errors.ts'
import { createAccounts } from './accounts.ts'
import { type Dialogue, type DialogueOptions, openDialogue } from './dialogue.ts'
import { type ExecOptions, type ExecResult, execCommand } from './exec.ts'
import { createFiles } from './files.ts'
import type { HostFiles } from './files-types.ts'

/**
 * The only door to the machine. Everything the agent reads, writes or runs goes through it, so a test hands in a temporary
 * root or a fake of the one part it needs.
 */
export interface Host {
  readonly files: HostFiles
  /** Runs one program to its end; a non-zero exit is a result, not an error. See {@link ExecOptions}. */
  readonly exec: Exec
  /** Starts a program that is talked to. See {@link DialogueOptions}. */
  readonly converse: Converse
  readonly accounts: HostAccounts
  /** Addresses of each network interface that is up, by its name. */
  addresses(): Promise<AddressesByInterface>
}

export type AddressesByInterface = Readonly<Record<string, readonly string[]>>

export type Exec = (options: ExecOptions) => Promise<ExecResult>

export type Converse = (options: ConverseOptions) => Promise<Dialogue>

export interface ConverseOptions extends Omit<DialogueOptions, 'account'> {
  /** Runs as that account with all its groups; default the agent's own. */
  readonly user?: string
}

export interface HostAccounts {
  /** The local account of that name, or null when there is none. */
  user(name: string): Promise<UserAccount | null>
  /** The group id of that name, or null when there is none. */
  gid(name: string): Promise<number | null>
}

export interface UserAccount {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

export interface HostOptions {
  /** All paths are taken below this folder. Default `/`, the machine itself. */
  readonly root?: string
  /** How programs are run. Default: for real on `/`; below any other root nothing runs, because it would answer for the wrong machine. */
  readonly exec?: Exec
}

export function createHost(options: HostOptions = {}): Host {
  const root = options.root ?? '/'
  const isMachine = root === '/'
  const files = createFiles({ root })
  const plainExec = options.exec ?? (isMachine ? execCommand : refuseToRun(root))
  const accounts = createAccounts({ files, exec: plainExec })
  return {
    files,
    accounts,
    exec: options.exec ?? (isMachine ? execAs(accounts) : plainExec),
    converse: isMachine ? converseAs(accounts) : refuseToRun(root),
    addresses: async () => (isMachine ? interfaceAddresses() : {}),
  }
}

/** Commands for real, with `user` looked up in the machine's accounts; `not-found` when there is no such user. */
function execAs(accounts: HostAccounts): Exec {
  return async ({ user, ...options }) => execCommand({ ...options, ...(await becoming(accounts, options.argv, user)) })
}

function converseAs(accounts: HostAccounts): Converse {
  return async ({ user, ...options }) => openDialogue({ ...options, ...(await becoming(accounts, options.argv, user)) })
}

async function becoming(
  accounts: HostAccounts,
  argv: ExecOptions['argv'],
  user: string | undefined,
): Promise<{ readonly account?: UserAccount }> {
  if (user === undefined) return {}
  const account = await accounts.user(user)
  if (account !== null) return { account }
  throw new DroverError('not-found', `cannot run ${argv[0]} as ${user}: there is no such user on this host`)
}

function refuseToRun(root: string): (options: Pick<ExecOptions, 'argv'>) => Promise<never> {
  return async ({ argv }) => {
    throw new DroverError('not-found', `cannot run ${argv[0]}: ${root} is a tree of files, not a running machine`)
  }
}

function interfaceAddresses(): AddressesByInterface {
  const found: Record<string, readonly string[]> = {}
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    found[name] = addresses.map(({ address }) => address)
  }
  return found
}

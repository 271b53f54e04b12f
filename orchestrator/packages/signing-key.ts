import { access, chmod, mkdir } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Command, CommandResult, RunCommand } from './run-command.ts'

const AGENT_END_MS = 2_000
const OWNER = 'Drover fleet package repository'

/** The fleet's OpenPGP key: every host trusts it, and only it, as the source of packages. The secret half never leaves its folder. */
export interface SigningKey {
  /** ASCII-armoured. */
  readonly publicKey: string
  /** The text with an inline signature: `InRelease`. */
  clearSign(text: string): Promise<string>
  /** An armoured signature on its own: `Release.gpg`. */
  detachSign(text: string): Promise<string>
  /** Ends gpg's helper process; the next use starts it again. */
  close(): Promise<void>
}

/** Opens the key in this GnuPG home folder; the first use makes it (Ed25519, no expiry: a fleet that is offline for years still installs). */
export async function openSigningKey({
  home,
  run,
  signal,
}: {
  home: string
  run: RunCommand
  signal?: AbortSignal
}): Promise<SigningKey> {
  refuseLongHome(home)
  await mkdir(home, { recursive: true, mode: 0o700 })
  await chmod(home, 0o700)
  const use = (command: Command) => runGpg({ command, run, signal })
  const fingerprint = await findOrMakeKey(use, home).catch(async (error: unknown) => {
    await endAgent(home, run)
    throw error
  })
  const signer = ['--local-user', fingerprint, '--digest-algo', 'SHA512']
  return {
    publicKey: (await use(gpg(home, ['--armor', '--export', fingerprint]))).stdout,
    clearSign: async text => (await use(gpg(home, [...signer, '--clearsign'], text))).stdout,
    detachSign: async text => (await use(gpg(home, [...signer, '--armor', '--detach-sign'], text))).stdout,
    close: () => endAgent(home, run),
  }
}

/** gpg-agent's socket is a unix socket in the home folder, and their paths are short. */
function refuseLongHome(home: string): void {
  if (Buffer.byteLength(home) <= 80) return
  throw new DroverError('invalid', `the folder of the package repository's key has too long a path for gpg: ${home}`, {
    hint: 'use a state folder with a shorter path',
  })
}

async function findOrMakeKey(use: (command: Command) => Promise<CommandResult>, home: string): Promise<string> {
  const existing = await findFingerprint(use, home)
  if (existing !== undefined) return existing
  await use(gpg(home, ['--quick-generate-key', OWNER, 'ed25519', 'sign', 'never']))
  const made = await findFingerprint(use, home)
  if (made === undefined) throw new DroverError('failed', `gpg made no key in ${home}`)
  return made
}

async function findFingerprint(
  use: (command: Command) => Promise<CommandResult>,
  home: string,
): Promise<string | undefined> {
  const listing = await use(gpg(home, ['--with-colons', '--list-secret-keys']))
  return parseFingerprint(listing.stdout)
}

/** The fingerprint of the first secret key of `gpg --with-colons --list-secret-keys`. */
export function parseFingerprint(listing: string): string | undefined {
  return /^fpr:(?:[^:]*:){8}([0-9A-F]{40})/m.exec(listing)?.[1]
}

function gpg(home: string, args: readonly string[], input?: string): Command {
  const argv = [
    'gpg',
    '--homedir',
    home,
    '--batch',
    '--quiet',
    '--no-tty',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    '',
    ...args,
  ] as const
  return input === undefined ? { argv } : { argv, input }
}

async function runGpg({
  command,
  run,
  signal,
}: {
  command: Command
  run: RunCommand
  signal: AbortSignal | undefined
}): Promise<CommandResult> {
  const result = await run(command, { signal })
  if (result.exitCode !== 0) {
    const code = /No space left/.test(result.stderr) ? 'exhausted' : 'failed'
    throw new DroverError(code, `gpg cannot use the key of the package repository: ${result.stderr.trim()}`)
  }
  return result
}

/**
 * Ends the gpg-agent that gpg left running. It answers before it has ended, and a gpg that met it dying would fail, so
 * this waits until its socket is gone.
 */
async function endAgent(home: string, run: RunCommand): Promise<void> {
  const socket = (await run({ argv: ['gpgconf', '--homedir', home, '--list-dirs', 'agent-socket'] })).stdout.trim()
  await run({ argv: ['gpgconf', '--homedir', home, '--kill', 'gpg-agent'] })
  const deadline = Date.now() + AGENT_END_MS
  while (Date.now() < deadline && (await exists(socket))) await setTimeout(10)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

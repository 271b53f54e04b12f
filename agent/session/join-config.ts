import { DroverError } from '../../shared/domain/errors.ts'
import { type JoinToken, parseJoinToken } from '../../shared/signing/join-token.ts'
import type { HostFiles } from '../host/files-types.ts'

/** How to join a fleet: given by whoever made this machine. */
export interface JoinConfig {
  readonly token: JoinToken | null
  /** Where the token was found; a file can be removed after use, the others cannot. */
  readonly tokenFile: string | null
  /** Enrol addresses, `host:port`. */
  readonly orchestrators: readonly string[]
}

export interface JoinSources {
  readonly files: HostFiles
  /** `/etc/drover` */
  readonly configDirectory: string
  /** Where systemd put this service's credentials, and the system's own. */
  readonly credentialDirectories: readonly string[]
}

export const HOW_TO_JOIN =
  'put a token from `drover token create` into /etc/drover/join-token and `orchestrator=HOST:PORT` into /etc/drover/agent.conf ' +
  '(or give the systemd credentials or kernel arguments drover.join-token and drover.orchestrator)'

/** File first, then systemd credential, then kernel command line. Throws `invalid` for a token or an address that cannot be one. */
export async function readJoinConfig(sources: JoinSources): Promise<JoinConfig> {
  const { files, configDirectory } = sources
  const tokenPath = `${configDirectory}/join-token`
  const settings = parseSettings((await files.readText(`${configDirectory}/agent.conf`)) ?? '')
  const kernel = await kernelArguments(files)
  const fromFile = textOrNull(await files.readText(tokenPath))
  const token = fromFile ?? (await credential('drover.join-token', sources)) ?? kernel.get('drover.join-token')
  const orchestrators =
    settings.get('orchestrator') ??
    (await credential('drover.orchestrator', sources)) ??
    kernel.get('drover.orchestrator')
  return {
    token: token === undefined ? null : parseJoinToken(token),
    tokenFile: fromFile === null ? null : tokenPath,
    orchestrators: parseAddresses(orchestrators ?? ''),
  }
}

/** `key=value` lines or a JSON object; `#` starts a comment. */
export function parseSettings(text: string): ReadonlyMap<string, string> {
  if (text.trimStart().startsWith('{')) return jsonSettings(text)
  const lines = text.split('\n').map(line => line.replace(/#.*/, '').trim())
  return new Map(
    lines
      .filter(line => line.includes('='))
      .map((line): [string, string] => {
        const cut = line.indexOf('=')
        return [line.slice(0, cut).trim(), line.slice(cut + 1).trim()]
      }),
  )
}

function jsonSettings(text: string): ReadonlyMap<string, string> {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    return new Map(
      Object.entries(value).map(([key, part]) => [key, Array.isArray(part) ? part.join(',') : String(part)]),
    )
  } catch (error) {
    throw new DroverError('invalid', 'agent.conf starts like JSON but is none', { cause: error })
  }
}

export function parseAddresses(text: string): readonly string[] {
  const addresses = text.split(/[\s,]+/).filter(part => part !== '')
  for (const address of addresses) {
    if (/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/.test(address)) continue
    throw new DroverError('invalid', `the orchestrator address ${JSON.stringify(address)} is not HOST:PORT`, {
      hint: HOW_TO_JOIN,
    })
  }
  return addresses
}

async function credential(name: string, sources: JoinSources): Promise<string | undefined> {
  for (const directory of sources.credentialDirectories) {
    const text = textOrNull(await sources.files.readText(`${directory}/${name}`))
    if (text !== null) return text
  }
  return undefined
}

/** A container sees the kernel command line of its host; its own is that of its first process. */
async function kernelArguments(files: HostFiles): Promise<ReadonlyMap<string, string>> {
  const isContainer = (await files.stat('/run/systemd/container')) !== null
  const text = (await files.readText(isContainer ? '/proc/1/cmdline' : '/proc/cmdline').catch(() => null)) ?? ''
  const words = text.split(/[\s\0]+/).filter(word => word.startsWith('drover.') && word.includes('='))
  return new Map(words.map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
}

function textOrNull(text: string | null): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}

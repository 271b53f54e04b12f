import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'

/** How to reach an orchestrator: a unix socket, or mTLS with an operator's certificate. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tls'
      readonly address: string
      readonly caPath: string
      readonly certPath: string
      readonly keyPath: string
    }

interface ContextFile {
  readonly current: string
  readonly contexts: Readonly<Record<string, Endpoint>>
}

const DEFAULT_SOCKET = '/run/drover/drover.sock'

/**
 * Precedence: `--socket`, `--context`, DROVER_SOCKET, DROVER_CONTEXT, the current context of `contexts.json` in the XDG
 * configuration folder, and then the default socket.
 */
export function resolveEndpoint(
  flags: { readonly socket?: string | undefined; readonly context?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Endpoint {
  if (flags.socket !== undefined) return { kind: 'socket', path: flags.socket }
  const file = readContexts(contextsPath(environment))
  if (flags.context !== undefined) return named(file, flags.context)
  const socket = environment['DROVER_SOCKET'] ?? ''
  if (socket !== '') return { kind: 'socket', path: socket }
  const context = environment['DROVER_CONTEXT'] ?? ''
  if (context !== '') return named(file, context)
  return file === null ? { kind: 'socket', path: DEFAULT_SOCKET } : named(file, file.current)
}

export function contextsPath(environment: Readonly<Record<string, string | undefined>>): string {
  const xdg = environment['XDG_CONFIG_HOME'] ?? ''
  return join(xdg === '' ? join(environment['HOME'] ?? '/root', '.config') : xdg, 'drover', 'contexts.json')
}

function readContexts(path: string): ContextFile | null {
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ContextFile
  } catch (cause) {
    throw new DroverError('invalid', `${path} is not readable as JSON`, { cause, hint: 'mend or remove it' })
  }
}

function named(file: ContextFile | null, name: string): Endpoint {
  const endpoint = file?.contexts[name]
  if (endpoint === undefined)
    throw new DroverError('invalid', `there is no context ${name}`, {
      hint: `known contexts: ${Object.keys(file?.contexts ?? {}).join(', ') || 'none'}`,
    })
  return endpoint
}

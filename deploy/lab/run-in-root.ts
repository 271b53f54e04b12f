import { fileURLToPath } from 'node:url'
import type { Command } from './run-command.ts'

export interface RootCommand {
  readonly root: string
  readonly argv: readonly string[]
  readonly input?: string
  /** Give it this machine's name resolution. The network itself is this machine's either way. */
  readonly online?: boolean
  /** Default 10 minutes. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const script = fileURLToPath(new URL('run-in-root.sh', import.meta.url))

const unshare = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--']

/** A program to run inside an image or a layer that is being made, for example `dpkg --install`. No service starts. */
export function runInRoot({ root, argv, online, timeoutMs, ...rest }: RootCommand): Command {
  return {
    argv: [...unshare, 'sh', script, root, online === true ? 'online' : 'offline', ...argv],
    timeoutMs: timeoutMs ?? 600_000,
    ...rest,
  }
}

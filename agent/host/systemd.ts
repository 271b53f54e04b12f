import { DroverError } from '../../shared/domain/errors.ts'
import type { HostFiles } from './files-types.ts'
import type { Exec } from './host.ts'

/** systemd's view of a unit, as `systemctl show` tells it. */
export interface UnitStatus {
  readonly name: string
  /** loaded, not-found, masked, bad-setting, error */
  readonly load: string
  /** active, activating, deactivating, inactive, failed, reloading */
  readonly active: string
  /** running, exited, auto-restart, dead ... */
  readonly sub: string
  /** Why it is not active: success, exit-code, timeout, oom-kill ... */
  readonly result: string
  /** enabled, disabled, static, masked, generated ...; empty when there is no unit file. */
  readonly enablement: string
  /** The unit file changed on disk after systemd had read it. */
  readonly stale: boolean
  readonly jobPending: boolean
  readonly restarts: number
  readonly mainPid: number
}

export type UnitVerb = 'enable' | 'disable' | 'reload' | 'stop'

export interface Systemd {
  /** Every unit in one call; a name that systemd cannot know (a template) is absent from the answer. */
  show(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, UnitStatus>>
  isMasked(name: string): Promise<boolean>
  /** As `systemctl mask`, without running anything: works for templates and for units that are not installed yet. */
  mask(name: string): Promise<void>
  unmask(name: string): Promise<void>
  daemonReload(signal: AbortSignal): Promise<void>
  /** Waits until it is done. */
  run(verb: UnitVerb, names: readonly string[], signal: AbortSignal): Promise<void>
  /** Queues the jobs and returns; {@link show} tells how they went. */
  begin(verb: 'start' | 'restart', names: readonly string[], signal: AbortSignal): Promise<void>
  /** The last lines that a unit logged, for the message of a failure; empty when the journal cannot be read. */
  lastLines(name: string, signal: AbortSignal, which?: WhichLines): Promise<string>
}

export interface WhichLines {
  /** At most; default 8. */
  readonly count?: number
  /** Unix milliseconds: nothing that was logged before. Default: however old. */
  readonly since?: number
}

const QUICK_MS = 20_000
const STOP_MS = 120_000
const MASK_DIRECTORY = '/etc/systemd/system'
const PROPERTIES = 'LoadState,ActiveState,SubState,Result,UnitFileState,NeedDaemonReload,Job,NRestarts,MainPID'

export function createSystemd({ exec, files }: { readonly exec: Exec; readonly files: HostFiles }): Systemd {
  async function systemctl(args: readonly string[], options: { timeoutMs: number; signal: AbortSignal }) {
    const result = await exec({ argv: ['systemctl', '--no-ask-password', ...args], ...options })
    if (result.code === 0) return result.stdout
    throw new DroverError('failed', `systemctl ${args.join(' ')} failed: ${lastLine(result.stderr)}`)
  }
  const maskPath = (name: string) => `${MASK_DIRECTORY}/${name}`
  const isMasked = async (name: string) => (await files.readlink(maskPath(name)).catch(() => null)) === '/dev/null'

  return {
    isMasked,
    mask: name => files.symlink({ path: maskPath(name), target: '/dev/null' }),
    unmask: async name => {
      if (await isMasked(name)) await files.remove({ path: maskPath(name) })
    },
    show: async (names, signal) => {
      const shown = names.filter(name => !isTemplate(name))
      if (shown.length === 0) return new Map()
      const args = ['show', `--property=${PROPERTIES}`, '--', ...shown]
      return parseShow(await systemctl(args, { timeoutMs: QUICK_MS, signal }), shown)
    },
    daemonReload: async signal => void (await systemctl(['daemon-reload'], { timeoutMs: STOP_MS, signal })),
    run: async (verb, names, signal) => {
      if (names.length > 0) await systemctl([verb, '--', ...names], { timeoutMs: STOP_MS, signal })
    },
    begin: async (verb, names, signal) => {
      if (names.length > 0) await systemctl([verb, '--no-block', '--', ...names], { timeoutMs: QUICK_MS, signal })
    },
    lastLines: async (name, signal, { count = 8, since } = {}) => {
      try {
        // The newest first: what there is no room for is the oldest.
        const shape = ['--no-pager', '--quiet', '--output=cat', '--reverse', `--lines=${count}`]
        const from = since === undefined ? [] : [`--since=@${(since / 1000).toFixed(3)}`]
        const result = await exec({
          argv: ['journalctl', ...shape, ...from, `--unit=${name}`],
          timeoutMs: 5_000,
          signal,
          maxOutputBytes: 250 * count,
        })
        return result.stdout.trim().split('\n').toReversed().join('\n')
      } catch {
        return ''
      }
    },
  }
}

/** Blocks of `Key=value` lines, one block a unit, in the order asked for. */
export function parseShow(text: string, names: readonly string[]): ReadonlyMap<string, UnitStatus> {
  const blocks = text.trim().split(/\n\n+/)
  return new Map(names.map((name, index) => [name, toStatus(name, blocks[index] ?? '')]))
}

function toStatus(name: string, block: string): UnitStatus {
  const values = new Map(
    block.split('\n').map((line): [string, string] => {
      const cut = line.indexOf('=')
      return [line.slice(0, cut), line.slice(cut + 1)]
    }),
  )
  const read = (key: string) => values.get(key) ?? ''
  return {
    name,
    load: read('LoadState'),
    active: read('ActiveState'),
    sub: read('SubState'),
    result: read('Result'),
    enablement: read('UnitFileState'),
    stale: read('NeedDaemonReload') === 'yes',
    jobPending: read('Job') !== '' && read('Job') !== '0',
    restarts: Number(read('NRestarts') || 0),
    mainPid: Number(read('MainPID') || 0),
  }
}

/** `name@.service`: has no state of its own. */
export function isTemplate(name: string): boolean {
  return /@\.[a-z]+$/.test(name)
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 400) ?? 'no reason given'
}

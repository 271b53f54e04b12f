import { setTimeout as delay } from 'node:timers/promises'
import { COMPONENT_PACKAGES, type Component, componentOf, type RenewArgs } from '../../shared/domain/component.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Exec } from '../host/host.ts'
import type { Systemd } from '../host/systemd.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

export interface RenewParts {
  readonly exec: Exec
  readonly files: Pick<HostFiles, 'stat' | 'readlink'>
  readonly systemd: Pick<Systemd, 'run' | 'begin'>
  readonly client: TlsClient
  readonly manifest: () => Promise<Manifest | null>
  readonly monotonic: () => number
}

const SHOW_TIMEOUT_MS = 10_000
const ASK_TIMEOUT_MS = 5_000
const LOOK_MS = 100
/** A pooler lets its transactions end first, ten seconds at most. */
const LONGEST_MS = 60_000

interface Process {
  readonly active: boolean
  readonly pid: number
  /** Unix seconds. */
  readonly startedAt: number
}

/**
 * Has a component run from the files that are installed now. HAProxy hands its listeners over to a process of the new program; the others
 * start anew. One that does so already is left alone, so that repeating it does no harm. Errors: `denied` for a unit that is not a
 * component of this node's manifest, `conflict` for a Patroni that is not paused, `failed` when it does not come up.
 */
export function createComponentRenew(parts: RenewParts): Executor<'component.renew'> {
  const { exec, files, systemd } = parts
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    const took = () => Math.round(parts.monotonic() - since)
    const component = await ownComponent(args, parts)
    const before = await look(args.unit, exec, signal)
    if (!before.active || !(await isStale(component, before, files))) return { renewed: false, tookMs: took() }
    if (component === 'patroni') await refuseUnpaused(args, parts, signal)
    if (component === 'haproxy') await systemd.run('reload', [args.unit], signal)
    else await systemd.begin('restart', [args.unit], signal)
    for (;;) {
      const now = await look(args.unit, exec, signal)
      const isNew = component === 'haproxy' ? !(await isDeleted(now.pid, files)) : now.pid !== before.pid
      if (now.active && now.pid > 0 && isNew && (await answers(args, parts, signal)))
        return { renewed: true, tookMs: took() }
      if (took() > LONGEST_MS)
        throw new DroverError('failed', `${args.unit} did not come up within ${LONGEST_MS / 1000} s`, {
          retryable: false,
          hint: `on its host: journalctl -u ${args.unit} -n 50`,
        })
      await delay(LOOK_MS, undefined, { signal })
    }
  }
}

async function ownComponent({ unit }: RenewArgs, { manifest }: RenewParts): Promise<Component> {
  const component = componentOf(unit)
  const own = (await manifest())?.units.some(({ name, state }) => name === unit && state === 'started') ?? false
  if (component !== undefined && own) return component
  throw new DroverError('denied', `${unit} is no component that this host's manifest starts`, { retryable: false })
}

async function look(unit: string, exec: Exec, signal: AbortSignal): Promise<Process> {
  const properties = '--property=ActiveState,MainPID,ExecMainStartTimestamp'
  const { code, stdout, stderr } = await exec({
    argv: ['systemctl', 'show', properties, '--timestamp=unix', '--', unit],
    timeoutMs: SHOW_TIMEOUT_MS,
    signal,
  })
  if (code !== 0) throw new DroverError('failed', `systemctl show ${unit}: ${stderr.trim().slice(0, 200)}`)
  const value = (name: string): string => new RegExp(`^${name}=@?(.*)$`, 'm').exec(stdout)?.[1] ?? ''
  return {
    active: value('ActiveState') === 'active',
    pid: Number(value('MainPID') || 0),
    startedAt: Number(value('ExecMainStartTimestamp') || 0),
  }
}

/** Patroni's program is Python itself: it is as old as its start. */
async function isStale(
  component: Component,
  { pid, startedAt }: Process,
  files: RenewParts['files'],
): Promise<boolean> {
  if (component !== 'patroni') return isDeleted(pid, files)
  const [name] = COMPONENT_PACKAGES.patroni
  const installed = await files.stat(`/var/lib/dpkg/info/${name}.list`)
  return installed !== null && startedAt <= Math.floor(installed.modifiedMs / 1000)
}

/** The file that the process was started from has been replaced. */
async function isDeleted(pid: number, files: RenewParts['files']): Promise<boolean> {
  return ((await files.readlink(`/proc/${pid}/exe`).catch(() => null)) ?? '').endsWith(' (deleted)')
}

/** A Patroni that has taken its running PostgreSQL over; of others systemd's word is enough. */
async function answers({ patroni }: RenewArgs, { client }: RenewParts, signal: AbortSignal): Promise<boolean> {
  if (patroni === undefined) return true
  const url = `${patroni.patroniUrl}/patroni`
  const answer = await client.request({ url, tls: patroni, timeoutMs: ASK_TIMEOUT_MS, signal }).catch(() => null)
  signal.throwIfAborted()
  return answer !== null && (JSON.parse(answer.text) as { readonly state?: unknown }).state === 'running'
}

async function refuseUnpaused({ unit, patroni }: RenewArgs, parts: RenewParts, signal: AbortSignal): Promise<void> {
  if (patroni === undefined) throw new DroverError('invalid', `nothing says how ${unit} is asked`, { retryable: false })
  const { client } = parts
  const url = `${patroni.patroniUrl}/patroni`
  const { text } = await client.request({ url, tls: patroni, timeoutMs: ASK_TIMEOUT_MS, signal })
  if ((JSON.parse(text) as { readonly pause?: unknown }).pause === true) return
  throw new DroverError('conflict', `${patroni.instance} is not paused: its PostgreSQL would stop with its Patroni`, {
    retryable: true,
  })
}

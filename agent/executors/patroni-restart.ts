import { setTimeout as delay } from 'node:timers/promises'
import type { PatroniRestartArgs } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { linkedController } from '../../shared/lib/abort.ts'
import type { Exec } from '../host/host.ts'
import type { Systemd } from '../host/systemd.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'
import type { PatroniWake } from './patroni-wake.ts'
import { psql } from './postgres/psql.ts'
import { readStartFailure } from './postgres/start-failure.ts'

const INTERVAL_MS = 20

export interface PatroniRestartParts {
  readonly exec: Exec
  readonly monotonic: () => number
  /** Unix milliseconds, of the clock that the journal has. */
  readonly now: () => number
  readonly client: TlsClient
  readonly wake: PatroniWake
  readonly systemd: Pick<Systemd, 'lastLines'>
}

/**
 * Patroni keeps its lease, and knows that the stop is meant. The server itself is watched, since Patroni looks only once a
 * second. Errors: `timeout`, `unavailable` when Patroni does not answer, `conflict` when it refuses.
 */
export function createPatroniRestart(parts: PatroniRestartParts): Executor<'patroni.restart'> {
  return async ({ args, signal, progress }) => {
    const since = parts.monotonic()
    const begunAt = parts.now()
    const before = await look(args, parts.exec, signal)
    using waking = linkedController(signal)
    let said: Answer | undefined
    if (before === undefined || before.startedAt === args.startedAt) {
      progress(`restarting ${args.instance}`)
      void askPatroni(args, parts.client, signal).then(answer => {
        said = answer
      })
      if (args.wake !== undefined) void parts.wake(args.wake, waking.signal)
    }
    try {
      for (;;) {
        const seen = await look(args, parts.exec, signal)
        if (isAnother(seen, args))
          return { state: 'restarted', startedAt: seen.startedAt, tookMs: Math.round(parts.monotonic() - since) }
        const waited = parts.monotonic() - since
        const ended = endOf(said, args, waited)
        if (ended === 'refused') {
          const words = await readStartFailure({ unit: args.unit, since: begunAt, systemd: parts.systemd, signal })
          return { state: 'refused', because: words ?? `the log of ${args.instance} says why` }
        }
        if (ended !== undefined) throw ended
        if (waited > args.timeoutMs)
          throw new DroverError('timeout', `${args.instance} did not come back within ${args.timeoutMs} ms`)
        await delay(INTERVAL_MS, undefined, { signal })
      }
    } finally {
      waking.abort()
    }
  }
}

interface Seen {
  readonly startedAt: number
  readonly inRecovery: boolean
}

/** Undefined while it does not answer. */
async function look(args: PatroniRestartArgs, exec: Exec, signal: AbortSignal): Promise<Seen | undefined> {
  try {
    return JSON.parse(await psql({ ...args.postgres, exec, database: 'postgres', sql: LOOK, signal })) as Seen
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

const LOOK = `SELECT json_build_object('startedAt', round(extract(epoch FROM pg_postmaster_start_time()) * 1000),
  'inRecovery', pg_is_in_recovery());`

function isAnother(seen: Seen | undefined, args: PatroniRestartArgs): seen is Seen {
  return seen !== undefined && seen.startedAt !== args.startedAt && (args.until === 'running' || !seen.inRecovery)
}

type Answer = { readonly status: number; readonly text: string } | DroverError

/** Never rejects. It is not cut when the server is seen first: Patroni would complain of a broken connection. */
async function askPatroni(args: PatroniRestartArgs, client: TlsClient, signal: AbortSignal): Promise<Answer> {
  try {
    return await client.request({
      url: `${args.patroniUrl}/restart`,
      tls: args,
      method: 'POST',
      body: { timeout: args.startTimeoutSeconds, ...(args.onlyAs === undefined ? {} : { role: args.onlyAs }) },
      timeoutMs: args.timeoutMs,
      signal,
    })
  } catch (error) {
    return DroverError.from(error)
  }
}

/** Undefined: go on watching. Patroni calls it failed, too, when its patience has ended and the server still starts. */
function endOf(
  said: Answer | undefined,
  { instance, startTimeoutSeconds }: PatroniRestartArgs,
  waitedMs: number,
): 'refused' | DroverError | undefined {
  if (said === undefined || said instanceof DroverError) return said?.code === 'unavailable' ? said : undefined
  if (said.status === 200 || /still starting|in progress/.test(said.text)) return undefined
  if (/restart failed/.test(said.text)) return waitedMs < startTimeoutSeconds * 1000 ? 'refused' : undefined
  return new DroverError('conflict', `Patroni of ${instance} refused: ${said.text.trim().slice(0, 300)}`, {
    retryable: false,
  })
}

import { isDeepStrictEqual } from 'node:util'
import type { PatroniConfigureArgs } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

const TIMEOUT_MS = 10_000

/**
 * Changes Patroni's dynamic configuration through the local REST API, unless it is so already. Patroni writes it to the DCS
 * with a compare-and-swap. Errors: `unavailable` when Patroni does not answer, `failed` when it refuses.
 */
export function createPatroniConfigure(parts: { readonly client: TlsClient }): Executor<'patroni.configure'> {
  return async ({ args, signal, progress }) => {
    const current = await ask({ client: parts.client, args, signal, method: 'GET' })
    if (isDeepStrictEqual(mergePatch(current, args.patch), current)) return { changed: false }
    progress(`changing the configuration of ${args.instance}'s cluster`)
    await ask({ client: parts.client, args, signal, method: 'PATCH' })
    return { changed: true }
  }
}

interface Ask {
  readonly client: TlsClient
  readonly args: PatroniConfigureArgs
  readonly signal: AbortSignal
  readonly method: 'GET' | 'PATCH'
}

async function ask({ client, args, signal, method }: Ask): Promise<unknown> {
  const url = `${args.patroniUrl}/config`
  const body = method === 'PATCH' ? { body: args.patch } : {}
  const answer = await client.request({ url, tls: args, method, ...body, timeoutMs: TIMEOUT_MS, signal })
  if (answer.status === 200) return JSON.parse(answer.text)
  const code = answer.status >= 500 ? 'unavailable' : 'failed'
  const reason = answer.text.trim().slice(0, 300)
  throw new DroverError(code, `Patroni of ${args.instance} answered ${answer.status} to ${method} /config: ${reason}`)
}

/** RFC 7396: objects merge key by key, null removes, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { DroverError } from '../../shared/domain/errors.ts'
import type { ForgetScopeArgs } from '../../shared/domain/etcd-command.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

const TIMEOUT_MS = 10_000
const NAMESPACE = '/drover/'

/**
 * Deletes what Patroni keeps in etcd about one cluster, everything below its own key and nothing else; or that one member of it is
 * there. Errors: `conflict` while a member or a leader of a whole cluster is registered, since that is a Patroni which runs;
 * `unavailable` when etcd does not answer.
 */
export function createEtcdForgetScope(parts: { readonly client: TlsClient }): Executor<'etcd.forget-scope'> {
  return async ({ args, signal }) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(args.scope))
      throw new DroverError('invalid', `${JSON.stringify(args.scope)} is no name of a cluster`)
    const prefix = `${NAMESPACE}${args.scope}/`
    if (args.member !== undefined) {
      const key = base64(`${prefix}members/${args.member}`)
      const { deleted = '0' } = await ask<Deleted>('/v3/kv/deleterange', { key })
      return { deleted: Number(deleted) }
    }
    const range = { key: base64(prefix), range_end: base64(after(prefix)) }
    const { kvs = [] } = await ask<RangeAnswer>('/v3/kv/range', { ...range, keys_only: true })
    const alive = kvs
      .map(({ key }) => Buffer.from(key, 'base64').toString().slice(prefix.length))
      .filter(key => key.startsWith('members/') || key === 'leader')
    if (alive.length > 0)
      throw new DroverError('conflict', `Patroni still runs for ${args.scope}: ${alive.join(', ')}`, {
        retryable: true,
      })
    const { deleted = '0' } = await ask<Deleted>('/v3/kv/deleterange', range)
    return { deleted: Number(deleted) }

    async function ask<Answer>(path: string, body: unknown): Promise<Answer> {
      const answer = await parts.client.request({ ...call(args, path), body, signal })
      if (answer.status === 200) return JSON.parse(answer.text) as Answer
      throw new DroverError('unavailable', `etcd answered ${answer.status} to ${path}: ${answer.text.slice(0, 200)}`)
    }
  }
}

interface Deleted {
  readonly deleted?: string
}

interface RangeAnswer {
  readonly kvs?: readonly { readonly key: string }[]
}

function call({ clientUrl, caPath, certPath, keyPath }: ForgetScopeArgs, path: string) {
  const tls = { caPath, certPath, keyPath }
  return { url: `${clientUrl}${path}`, tls, method: 'POST' as const, timeoutMs: TIMEOUT_MS }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The end of the range of all keys that begin so. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

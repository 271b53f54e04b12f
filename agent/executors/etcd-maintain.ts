import { DroverError } from '../../shared/domain/errors.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

/** A member answers nobody while it copies its database; 2 GiB take some seconds on a disk. */
const DEFRAGMENT_MS = 120_000
const TIMEOUT_MS = 10_000

/**
 * `defragment`: this member gives free pages of its database back. `disarm`: the alarm NOSPACE is taken back, for all members. Both do
 * nothing where there is nothing to do. Errors: `unavailable` when etcd does not do it.
 */
export function createEtcdMaintain(parts: {
  readonly client: TlsClient
  readonly monotonic: () => number
}): Executor<'etcd.maintain'> {
  return async ({ args, signal }) => {
    const { clientUrl, caPath, certPath, keyPath } = args
    const since = parts.monotonic()
    const isDefragment = args.do === 'defragment'
    const path = isDefragment ? '/v3/maintenance/defragment' : '/v3/maintenance/alarm'
    const answer = await parts.client.request({
      url: `${clientUrl}${path}`,
      tls: { caPath, certPath, keyPath },
      method: 'POST',
      body: isDefragment ? {} : { action: 'DEACTIVATE', memberID: '0', alarm: 'NOSPACE' },
      timeoutMs: isDefragment ? DEFRAGMENT_MS : TIMEOUT_MS,
      signal,
    })
    if (answer.status === 200) return { tookMs: Math.round(parts.monotonic() - since) }
    throw new DroverError('unavailable', `etcd answered ${answer.status} to ${path}: ${answer.text.slice(0, 200)}`)
  }
}

import { DroverError } from '../../shared/domain/errors.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { type KeySet, pinOf, type TrustedKeySet, trustNext } from '../../shared/signing/keyset.ts'
import type { KeySetHolder } from '../executors/keyset-update.ts'
import type { Audit } from '../journal/audit.ts'
import type { IdentityStore } from './identity-store.ts'

export interface CurrentKeySet extends KeySetHolder {
  keySet(): KeySet
}

/** Walks from one version to the next and never back. */
export function createKeySetHolder(
  start: TrustedKeySet,
  parts: { readonly store: IdentityStore; readonly audit: Audit; readonly clock: Clock },
): CurrentKeySet {
  let current = start
  return {
    keySet: () => current.keySet,
    version: () => current.keySet.version,
    advance: async envelope => {
      if (pinOf(envelope) === current.hash) return
      const check = trustNext(current, envelope)
      if (!check.ok) throw new DroverError('denied', check.problem.message)
      await parts.store.saveKeySet(check.trusted)
      current = check.trusted
      await parts.audit.record({
        at: parts.clock.now(),
        type: 'agent:keyset',
        message: `version ${current.keySet.version}`,
      })
    },
  }
}

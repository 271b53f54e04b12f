import { DroverError, type ErrorCode } from '../../../shared/domain/errors.ts'

/** Why a stranger was turned away: a closed set, for audit, metrics and tests. */
export type EnrolmentRefusalReason =
  | 'rate-limited'
  | 'unknown-nonce'
  | 'unknown-token'
  | 'bad-proof'
  | 'revoked-token'
  | 'expired-token'
  | 'used-token'
  | 'wrong-network'
  | 'bad-request'
  | 'known-identity'
  | 'already-answered'
  | 'replaced-node-gone'
  | 'too-many-pending'
  | 'unknown-node'
  | 'removed-node'
  | 'pending-node'
  | 'bad-signature'
  | 'too-many-recoveries'

export class EnrolmentRefusal extends DroverError {
  readonly reason: EnrolmentRefusalReason

  constructor(reason: EnrolmentRefusalReason, message: string, hint?: string) {
    super(CODES[reason] ?? 'denied', message, {
      ...(hint === undefined ? {} : { hint }),
      retryable: RETRYABLE.has(reason),
    })
    this.name = 'EnrolmentRefusal'
    this.reason = reason
  }
}

const CODES: Partial<Record<EnrolmentRefusalReason, ErrorCode>> = {
  'rate-limited': 'exhausted',
  'too-many-pending': 'exhausted',
  'too-many-recoveries': 'exhausted',
  'unknown-nonce': 'stale',
  'bad-proof': 'unauthenticated',
  'bad-signature': 'unauthenticated',
  'bad-request': 'invalid',
  'known-identity': 'conflict',
}

const RETRYABLE: ReadonlySet<EnrolmentRefusalReason> = new Set(['rate-limited', 'too-many-pending', 'unknown-nonce'])

export const MAKE_ANOTHER = 'make another: drover token create'

export function unknownToken(): EnrolmentRefusal {
  return new EnrolmentRefusal('unknown-token', 'this fleet does not know the join token', MAKE_ANOTHER)
}

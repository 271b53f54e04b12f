import { DroverError } from '../../shared/domain/errors.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import { decodeEnvelope } from '../../shared/wire/codec.ts'
import type { Executor } from './executor.ts'

/** Whose signatures this node obeys; every change is durable before it counts. */
export interface KeySetHolder {
  version(): number
  /** Throws `denied` when it does not follow from the current one. */
  advance(envelope: Envelope): Promise<void>
}

/** `document` is the base64 of an encoded Envelope. A key set that is already in use is no change. */
export function createKeysetUpdate(keySets: KeySetHolder): Executor<'keyset.update'> {
  return async ({ args }) => {
    if (typeof args.document !== 'string') throw new DroverError('invalid', 'the command holds no key set')
    await keySets.advance(decodeEnvelope(Buffer.from(args.document, 'base64')))
    return { version: keySets.version() }
  }
}

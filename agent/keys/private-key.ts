import { createPrivateKey, type KeyObject } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'

/** Throws `invalid`; the message never shows the input. */
export function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new DroverError('invalid', 'the private key is no readable PEM key')
  }
}

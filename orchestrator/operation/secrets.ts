import { randomBytes } from 'node:crypto'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Store } from '../store/store.ts'
import { type Credential, fillPlaceholders, placeholderPaths } from './placeholders.ts'
import { scramVerifier } from './scram.ts'

/** Passwords of the fleet, made on first use. The store encrypts everything below this prefix at rest. */
export const SECRETS_PREFIX = 'secrets/'

export interface Secrets {
  /** The credential at a path; made, with 144 random bits, when it is not there yet. */
  obtain(path: string): Promise<Credential>
  find(path: string): Promise<Credential | null>
  /** Replace every placeholder of a document. The result is secret: sign it, encrypt it, never log it. */
  resolve<T>(document: T): Promise<T>
}

export function createSecrets(store: Store): Secrets {
  return { obtain, find, resolve }

  async function find(path: string): Promise<Credential | null> {
    const entry = await store.get(SECRETS_PREFIX + path)
    return entry === null ? null : decodeJson<Credential>(entry)
  }

  async function obtain(path: string): Promise<Credential> {
    const present = await find(path)
    if (present !== null) return present
    const made = generate()
    const key = SECRETS_PREFIX + path
    const { succeeded } = await store.txn({
      compare: [{ key, target: 'version', operator: '=', value: 0 }],
      success: [{ kind: 'put', key, value: encodeJson(made) }],
    })
    return succeeded ? made : obtain(path)
  }

  async function resolve<T>(document: T): Promise<T> {
    const credentials = new Map<string, Credential>()
    for (const path of placeholderPaths(document)) credentials.set(path, await obtain(path))
    return fillPlaceholders(document, path => {
      const credential = credentials.get(path)
      if (credential === undefined) throw new Error(`placeholder ${path} was not collected`)
      return credential
    })
  }
}

function generate(): Credential {
  const password = randomBytes(18).toString('base64url')
  return { password, verifier: scramVerifier(password) }
}

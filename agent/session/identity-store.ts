import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import { privateKeyToPem, type SigningKey, signingKeyFromPem } from '../../shared/signing/keys.ts'
import { type TrustedKeySet, trustStored } from '../../shared/signing/keyset.ts'
import type { TlsIdentity } from '../../shared/wire/channel.ts'
import { decodeEnvelope, encodeEnvelope } from '../../shared/wire/codec.ts'
import type { HostFiles } from '../host/files-types.ts'
import { certificateRequest } from '../keys/certificate-request.ts'
import { readPrivateKey } from '../keys/private-key.ts'

/** What enrolment gave this node. */
export interface NodeRecord {
  readonly fleetId: string
  readonly nodeId: string
  readonly generation: number
  readonly certificatePem: string
  readonly caPem: string
  /** `host:port` each. */
  readonly enrolAddresses: readonly string[]
  readonly meshAddresses: readonly string[]
  /** Public id of the join token that was used: a credential cannot be deleted, so it is ignored by its id. */
  readonly tokenId: string
}

/** Made once on this host and kept; no private key ever leaves it. */
export interface NodeKeys {
  readonly tlsKeyPem: string
  readonly identity: SigningKey
  /** PKCS#10 DER; kept, so that a repeated enrolment sends the same bytes. */
  readonly csr: Uint8Array
}

/** Who this node is, in files of mode 0600. */
export interface IdentityStore {
  keys(): Promise<NodeKeys>
  record(): Promise<NodeRecord | null>
  saveRecord(record: NodeRecord): Promise<void>
  keySet(): Promise<TrustedKeySet | null>
  saveKeySet(trusted: TrustedKeySet): Promise<void>
}

export function createIdentityStore(options: { readonly files: HostFiles; readonly directory: string }): IdentityStore {
  const { files, directory } = options
  const at = (name: string) => `${directory}/${name}`
  const write = (name: string, content: string | Uint8Array) =>
    files.writeAtomic({ path: at(name), content, mode: 0o600 })

  async function keep(name: string, make: () => string): Promise<string> {
    const there = await files.readText(at(name))
    if (there !== null) return there
    const content = make()
    await write(name, content)
    return content
  }

  async function keptCsr(tlsKey: KeyObject): Promise<Uint8Array> {
    const there = await files.readBytes(at('request.der'))
    if (there !== null) return there
    const csr = certificateRequest({ key: tlsKey, commonName: 'drover-node', sans: [], usages: ['client'] })
    await write('request.der', csr)
    return csr
  }

  return {
    keys: async () => {
      await files.mkdir({ path: directory, mode: 0o700 })
      const tlsKeyPem = await keep('tls-key.pem', () => privateKeyToPem(makeP256()))
      const identityPem = await keep('identity-key.pem', () => privateKeyToPem(makeEd25519()))
      const csr = await keptCsr(readPrivateKey(tlsKeyPem))
      return { tlsKeyPem, identity: signingKeyFromPem(identityPem), csr }
    },
    record: async () => parseRecord(await files.readText(at('node.json')), at('node.json')),
    saveRecord: record => write('node.json', `${JSON.stringify(record, null, 2)}\n`),
    keySet: async () => {
      const bytes = await files.readBytes(at('keyset.bin'))
      if (bytes === null) return null
      const check = trustStored(decodeEnvelope(bytes))
      if (check.ok) return check.trusted
      throw new DroverError('invalid', `${at('keyset.bin')} is damaged: ${check.problem.message}`, { hint: REJOIN })
    },
    saveKeySet: trusted => write('keyset.bin', encodeEnvelope(trusted.envelope)),
  }
}

const REJOIN = 'stop drover-agent, remove its state with `apt-get purge`, and join again with a new token'

export function tlsIdentity(record: NodeRecord, keys: NodeKeys): TlsIdentity {
  return { certificatePem: record.certificatePem, privateKeyPem: keys.tlsKeyPem }
}

function makeP256(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

function makeEd25519(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey
}

function parseRecord(text: string | null, path: string): NodeRecord | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as NodeRecord
  } catch (error) {
    throw new DroverError('invalid', `${path} is damaged`, { hint: REJOIN, cause: error })
  }
}

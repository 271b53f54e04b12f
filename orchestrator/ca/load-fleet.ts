import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetId } from '../../shared/domain/ids.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { writeDurably } from '../../shared/lib/durable-file.ts'
import { Secret } from '../../shared/lib/secret.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import { type SigningKey, signingKeyFromPem } from '../../shared/signing/keys.ts'
import { type TrustedKeySet, trustNext, trustStored } from '../../shared/signing/keyset.ts'
import { decodeEnvelope, encodeEnvelope } from '../../shared/wire/codec.ts'
import { DATA_KEY_BYTES } from '../store/encrypted-store.ts'
import { type CertificateAuthority, openAuthority } from './certificate-authority.ts'
import { FLEET_FILES, type FleetRecord, readFleetFile, readFleetSecret } from './fleet-files.ts'
import { isSealedKey, openSealedKey } from './sealed-key.ts'

export interface Fleet {
  readonly id: FleetId
  readonly name: string
  /** Unix milliseconds. */
  readonly createdAt: number
  /** `keySet.hash` is the pin of new join tokens. */
  readonly keySet: TrustedKeySet
  /** Signs commands; listed in the key set. */
  readonly signer: SigningKey
  readonly ca: CertificateAuthority
  /** For `createEncryptedStore`. */
  readonly dataKey: Secret<Uint8Array>
}

/** Everything `drover serve` needs; the root key stays on disk. Throws `not-found` when there is no fleet, `failed` when its files contradict each other. */
export async function loadFleet(options: { readonly directory: string; readonly clock: Clock }): Promise<Fleet> {
  const { directory, clock } = options
  const record = parseRecord(await readFleetFile(directory, 'fleet'))
  const keySet = await loadKeySet(directory)
  const signer = signingKeyFromPem((await readFleetSecret(directory, 'signerKey')).reveal())
  checkConsistency({ record, keySet, signer })
  const ca = await openAuthority({
    fleetId: record.id,
    clock,
    files: {
      certificatePem: (await readFleetFile(directory, 'caCertificate')).toString('utf8'),
      privateKeyPem: await readFleetSecret(directory, 'caKey'),
    },
  })
  const dataKey = new Secret<Uint8Array>(Buffer.from((await readFleetSecret(directory, 'dataKey')).reveal(), 'base64'))
  if (dataKey.reveal().byteLength !== DATA_KEY_BYTES)
    throw new DroverError('failed', 'the data key of the fleet is damaged')
  return { id: record.id, name: record.name, createdAt: record.createdAt, keySet, signer, ca, dataKey }
}

/** The root key, for changing the key set. Throws `denied` when the passphrase is missing or wrong. */
export async function loadRootKey(options: {
  readonly directory: string
  readonly passphrase?: Secret
}): Promise<SigningKey> {
  const stored = await readFleetSecret(options.directory, 'rootKey')
  if (!isSealedKey(stored.reveal())) return signingKeyFromPem(stored.reveal())
  if (options.passphrase === undefined)
    throw new DroverError('denied', 'the root key is encrypted: its passphrase is needed')
  return signingKeyFromPem(openSealedKey(stored.reveal(), options.passphrase).reveal())
}

/** Takes the next key set into use on disk; throws `invalid` when it does not follow from the current one. */
export async function saveKeySet(options: {
  readonly directory: string
  readonly current: TrustedKeySet
  readonly next: Envelope
}): Promise<TrustedKeySet> {
  const check = trustNext(options.current, options.next)
  if (!check.ok) throw new DroverError('invalid', check.problem.message, { problems: [check.problem] })
  await writeDurably(join(options.directory, FLEET_FILES.keySet), encodeEnvelope(options.next), 0o600)
  return check.trusted
}

async function loadKeySet(directory: string): Promise<TrustedKeySet> {
  const check = trustStored(decodeEnvelope(await readFleetFile(directory, 'keySet')))
  if (!check.ok) throw new DroverError('failed', `the stored key set is unusable: ${check.problem.message}`)
  return check.trusted
}

function parseRecord(bytes: Buffer): FleetRecord {
  let record: Partial<FleetRecord>
  try {
    record = JSON.parse(bytes.toString('utf8')) as Partial<FleetRecord>
  } catch (error) {
    throw new DroverError('failed', 'the fleet record is no JSON', { cause: error })
  }
  const { format, id, name, createdAt } = record
  if (format !== 1)
    throw new DroverError('failed', `the fleet record has format ${String(format)}, this program knows 1`)
  if (typeof id !== 'string' || typeof name !== 'string' || typeof createdAt !== 'number')
    throw new DroverError('failed', 'the fleet record is incomplete')
  return { format, id, name, createdAt }
}

function checkConsistency(parts: {
  readonly record: FleetRecord
  readonly keySet: TrustedKeySet
  readonly signer: SigningKey
}): void {
  const { record, keySet, signer } = parts
  if (keySet.keySet.fleetId !== record.id) throw new DroverError('failed', 'the key set belongs to another fleet')
  if (!keySet.keySet.commandKeys.some(key => key.id === signer.id))
    throw new DroverError('failed', 'the command signer is not in the key set: agents would refuse everything')
}

import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetId } from '../../shared/domain/ids.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { syncPath, writeDurably } from '../../shared/lib/durable-file.ts'
import { Secret } from '../../shared/lib/secret.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { generateSigningKey, privateKeyToPem, type SigningKey } from '../../shared/signing/keys.ts'
import { type KeySet, pinOf, signKeySet } from '../../shared/signing/keyset.ts'
import { encodeEnvelope } from '../../shared/wire/codec.ts'
import { DATA_KEY_BYTES } from '../store/encrypted-store.ts'
import { createAuthority } from './certificate-authority.ts'
import { FLEET_FILES, type FleetRecord } from './fleet-files.ts'
import { sealKey } from './sealed-key.ts'

const FLEET_NAME = /^[a-z][a-z0-9-]{0,39}$/
/** As long as the certificate authority. */
const KEYS_LIVE_MS = 10 * 365 * 86_400_000

export interface InitFleetOptions {
  /** Made by this call; may exist when empty. Its parent must exist. */
  readonly directory: string
  readonly fleetName: string
  readonly clock: Clock
  /** Encrypts the root key, which is needed only to change the key set. */
  readonly passphrase?: Secret
}

/**
 * Makes a fleet: id, root key, command signer, key set 1, certificate authority, data key. Everything is prepared in a
 * folder beside and moved into place at once, so that a crash leaves a whole fleet or none. Throws `conflict` when
 * there is something already.
 */
export async function initFleet(
  options: InitFleetOptions,
): Promise<{ readonly fleetId: FleetId; readonly pin: string }> {
  const { fleetName, clock, passphrase } = options
  if (!FLEET_NAME.test(fleetName))
    throw new DroverError('invalid', `${JSON.stringify(fleetName)} is no fleet name`, {
      hint: 'use lower-case letters, digits and hyphens, beginning with a letter, at most 40',
    })
  const directory = resolve(options.directory)
  await refuseExisting(directory)
  const prepared = await mkdtemp(`${directory}.new-`)
  try {
    const fleet = await prepareFleet({ fleetName, now: clock.now(), passphrase })
    for (const [file, content] of Object.entries(fleet.files)) await writeDurably(join(prepared, file), content, 0o600)
    await moveIntoPlace(prepared, directory)
    return { fleetId: fleet.fleetId, pin: fleet.pin }
  } catch (error) {
    await rm(prepared, { recursive: true, force: true })
    throw error
  }
}

async function refuseExisting(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true })
  const existing = await readdir(directory).catch(() => [])
  if (existing.length > 0) throw alreadyThere(directory)
  const leftovers = (await readdir(dirname(directory))).filter(name => name.startsWith(`${basename(directory)}.new-`))
  for (const name of leftovers) await rm(join(dirname(directory), name), { recursive: true, force: true })
}

async function prepareFleet(parts: {
  readonly fleetName: string
  readonly now: number
  readonly passphrase: Secret | undefined
}): Promise<{
  readonly fleetId: FleetId
  readonly pin: string
  readonly files: Readonly<Record<string, string | Uint8Array>>
}> {
  const { fleetName, now, passphrase } = parts
  const fleetId = uuidV7(now)
  const root = generateSigningKey()
  const signer = generateSigningKey()
  const keySet = signKeySet(firstKeySet({ fleetId, root, signer, now }), [root.privateKey])
  const authority = await createAuthority({ fleetName, now })
  const record: FleetRecord = { format: 1, id: fleetId, name: fleetName, createdAt: now }
  const rootPem = new Secret(privateKeyToPem(root.privateKey))
  const files = {
    [FLEET_FILES.fleet]: `${JSON.stringify(record, null, 2)}\n`,
    [FLEET_FILES.keySet]: encodeEnvelope(keySet),
    [FLEET_FILES.rootKey]: passphrase === undefined ? rootPem.reveal() : sealKey(rootPem, passphrase),
    [FLEET_FILES.signerKey]: privateKeyToPem(signer.privateKey),
    [FLEET_FILES.caCertificate]: authority.certificatePem,
    [FLEET_FILES.caKey]: authority.privateKeyPem,
    [FLEET_FILES.dataKey]: `${randomBytes(DATA_KEY_BYTES).toString('base64')}\n`,
  }
  return { fleetId, pin: pinOf(keySet), files }
}

function firstKeySet(parts: {
  readonly fleetId: FleetId
  readonly root: SigningKey
  readonly signer: SigningKey
  readonly now: number
}): KeySet {
  const { fleetId, root, signer, now } = parts
  const entry = (key: SigningKey) => ({ id: key.id, publicKey: key.publicKey.toString('base64') })
  return {
    fleetId,
    version: 1,
    previousHash: null,
    rootKeys: [entry(root)],
    rootThreshold: 1,
    commandKeys: [
      { ...entry(signer), role: 'signer', kinds: '*', notBefore: now - 300_000, notAfter: now + KEYS_LIVE_MS },
    ],
    revoked: [],
    expiresAt: now + KEYS_LIVE_MS,
  }
}

/** rename(2) replaces an empty folder and refuses any other: the last guard against two inits at once. */
async function moveIntoPlace(prepared: string, directory: string): Promise<void> {
  try {
    await rename(prepared, directory)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') throw alreadyThere(directory)
    throw error
  }
  await syncPath(dirname(directory))
}

function alreadyThere(directory: string): DroverError {
  return new DroverError('conflict', `${directory} holds something already; nothing was changed`, {
    hint: 'a fleet is made once; to start over, move this folder away first',
  })
}

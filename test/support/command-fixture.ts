import type { Command } from '../../shared/domain/command.ts'
import { COMMAND_TYPE, type Envelope, signEnvelope } from '../../shared/signing/envelope.ts'
import { generateSigningKey, type SigningKey } from '../../shared/signing/keys.ts'
import { type CommandKey, type KeySet, signKeySet, trustStored } from '../../shared/signing/keyset.ts'
import { encodeCommand } from '../../shared/wire/codec.ts'

/** A fleet's keys for tests: one root, one signer that may ask for everything. */
export interface TestKeys {
  readonly root: SigningKey
  readonly signer: SigningKey
  readonly keySet: KeySet
}

export const TEST_NOW = 1_750_000_000_000
const YEAR_MS = 365 * 86_400_000

export function createTestKeys(overrides: Partial<KeySet> = {}): TestKeys {
  const root = generateSigningKey()
  const signer = generateSigningKey()
  const keySet: KeySet = {
    fleetId: 'fleet-1',
    version: 1,
    previousHash: null,
    rootKeys: [publicEntry(root)],
    rootThreshold: 1,
    commandKeys: [commandKey(signer)],
    revoked: [],
    expiresAt: TEST_NOW + YEAR_MS,
    ...overrides,
  }
  return { root, signer, keySet }
}

export function publicEntry(key: SigningKey) {
  return { id: key.id, publicKey: key.publicKey.toString('base64') }
}

export function commandKey(key: SigningKey, overrides: Partial<CommandKey> = {}): CommandKey {
  return {
    ...publicEntry(key),
    role: 'signer',
    kinds: '*',
    notBefore: TEST_NOW - YEAR_MS,
    notAfter: TEST_NOW + YEAR_MS,
    ...overrides,
  }
}

export function testCommand(overrides: Partial<Command> = {}): Command {
  return {
    fleetId: 'fleet-1',
    nodeId: 'node-1',
    nodeGeneration: 1,
    commandId: 'command-1',
    operationId: 'operation-1',
    stepId: 'step-1',
    attempt: 1,
    kind: 'facts.collect',
    args: {},
    keysetVersion: 1,
    leaderEpoch: 5,
    sequence: 9,
    issuedAt: TEST_NOW,
    notAfter: TEST_NOW + 600_000,
    maxRuntimeMs: 60_000,
    ...overrides,
  }
}

export function signCommand(command: Command, ...keys: readonly SigningKey[]): Envelope {
  const payload = encodeCommand(command)
  return signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: keys.map(key => key.privateKey) })
}

export function trusted(keys: TestKeys) {
  const check = trustStored(signKeySet(keys.keySet, [keys.root.privateKey]))
  if (!check.ok) throw new Error(check.problem.message)
  return check.trusted
}

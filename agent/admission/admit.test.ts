import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Command, CommandArgs, RefusalReason } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { EMPTY_MANIFEST, type FileItem } from '../../shared/domain/manifest.ts'
import { sha256Hex } from '../../shared/lib/hash.ts'
import { COMMAND_TYPE, type Envelope, signEnvelope } from '../../shared/signing/envelope.ts'
import { generateSigningKey } from '../../shared/signing/keys.ts'
import type { KeySet } from '../../shared/signing/keyset.ts'
import { encodeCommand } from '../../shared/wire/codec.ts'
import type { JournalEntry } from '../journal/journal.ts'
import { type AdmissionState, admit } from './admit.ts'

const NOW = 1_750_000_000_000
const root = generateSigningKey()
const signer = generateSigningKey()
const revoked = generateSigningKey()
const limited = generateSigningKey()
const stranger = generateSigningKey()

const entry = (key: typeof root) => ({ id: key.id, publicKey: key.publicKey.toString('base64') })
const always = { role: 'signer', notBefore: 0, notAfter: NOW * 2 } as const
const keySet: KeySet = {
  fleetId: 'fleet-1',
  version: 3,
  previousHash: 'x'.repeat(43),
  rootKeys: [entry(root)],
  rootThreshold: 1,
  commandKeys: [
    { ...entry(signer), ...always, kinds: '*' },
    { ...entry(revoked), ...always, kinds: '*' },
    { ...entry(limited), ...always, kinds: ['facts.collect'] },
  ],
  revoked: [revoked.id],
  expiresAt: NOW * 2,
}

const command: Command<'converge'> = {
  fleetId: 'fleet-1',
  nodeId: 'node-1',
  nodeGeneration: 2,
  commandId: randomUUID(),
  operationId: 'op',
  stepId: 'step',
  attempt: 1,
  kind: 'converge',
  args: { manifest: EMPTY_MANIFEST, dryRun: false },
  keysetVersion: 3,
  leaderEpoch: 7,
  sequence: 11,
  issuedAt: NOW,
  notAfter: NOW + 60_000,
  maxRuntimeMs: 60_000,
}

const state: AdmissionState = {
  fleetId: 'fleet-1',
  nodeId: 'node-1',
  generation: 2,
  keySet,
  highestEpoch: 7,
  lastSequence: 10,
  find: () => null,
  readPolicy: async () => ({}),
  now: NOW,
}

function sign(changes: Partial<Command> = {}, key = signer): Envelope {
  const payload = encodeCommand({ ...command, ...changes })
  return signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: [key.privateKey] })
}

function withFile(file: Partial<FileItem>): Partial<Command> {
  const item: FileItem = {
    path: '/etc/app.conf',
    owner: 'root',
    group: 'root',
    mode: '0644',
    content: '',
    secret: false,
    reactions: [],
    ...file,
  }
  const args: CommandArgs<'converge'> = { manifest: { ...EMPTY_MANIFEST, files: [item] }, dryRun: false }
  return { args }
}

async function refusal(envelope: Envelope, changes: Partial<AdmissionState> = {}): Promise<RefusalReason | 'admitted'> {
  const admission = await admit(envelope, { ...state, ...changes })
  return admission.kind === 'refuse' ? admission.reason : 'admitted'
}

function known(payload: Uint8Array, outcome: JournalEntry['outcome']): JournalEntry {
  const { commandId, kind, sequence, leaderEpoch, nodeGeneration: generation } = command
  const payloadHash = sha256Hex(payload)
  return {
    intent: { commandId, kind, sequence, leaderEpoch, generation, payloadHash, at: NOW },
    outcome,
    acknowledged: false,
  }
}

describe('admission', () => {
  it('lets a command in that was signed for this node, now', async () => {
    expect(await admit(sign(), state)).toMatchObject({ kind: 'run', command: { commandId: command.commandId } })
  })

  const big = { ...sign(), payload: Buffer.alloc(3 * 1024 * 1024) }
  const tampered = { ...sign(), payload: encodeCommand({ ...command, sequence: 12 }) }
  const cases: readonly [RefusalReason, string, Envelope][] = [
    ['oversize', 'too many bytes', big],
    ['unknown-type', 'another payload type', { ...sign(), payloadType: 'application/other' }],
    ['unknown-key', 'a stranger signed', sign({}, stranger)],
    ['revoked-key', 'a revoked key signed', sign({}, revoked)],
    ['bad-signature', 'the payload was changed', tampered],
    ['key-not-allowed', 'the key may not ask for this kind', sign({}, limited)],
    ['wrong-fleet', 'another fleet', sign({ fleetId: 'fleet-2' })],
    ['wrong-node', 'another node', sign({ nodeId: 'node-2' })],
    ['wrong-generation', 'an older generation', sign({ nodeGeneration: 1 })],
    ['stale-keyset', 'an older key set', sign({ keysetVersion: 2 })],
    ['stale-epoch', 'a deposed leader', sign({ leaderEpoch: 6 })],
    ['stale-sequence', 'a sequence from the past', sign({ sequence: 10 })],
    ['expired', 'its time is over', sign({ issuedAt: NOW - 60_000, notAfter: NOW - 1 })],
    ['issued-in-future', 'it comes from the future', sign({ issuedAt: NOW + 61_000, notAfter: NOW + 120_000 })],
    ['window-too-long', 'valid for more than 15 minutes', sign({ notAfter: NOW + 15 * 60_000 + 1 })],
    ['malformed', 'a manifest of the wrong shape', sign(withFile({ mode: 420 as unknown as string }))],
    ['policy', 'a file of the agent itself', sign(withFile({ path: '/etc/drover/policy.json' }))],
    ['policy', 'a path with dots', sign(withFile({ path: '/etc/app/../drover/policy.json' }))],
  ]
  it.each(cases)('refuses with %s: %s', async (reason, _, envelope) => {
    expect(await refusal(envelope)).toBe(reason)
  })

  it('refuses bytes that are signed and yet no command', async () => {
    const payload = Buffer.from('not a command')
    expect(await refusal(signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: [signer.privateKey] }))).toBe(
      'malformed',
    )
  })

  it('refuses other content under a sequence that was used', async () => {
    const find = () => known(Buffer.from('other bytes'), { state: 'done', result: null })
    expect(await refusal(sign(), { find, lastSequence: 11 })).toBe('replayed-sequence')
  })

  it('answers the same bytes with what came of them, even after they expired', async () => {
    const envelope = sign()
    const outcome = { state: 'done', result: { dryRun: false, items: [] } } as const
    const later = { ...state, now: NOW + 3_600_000, lastSequence: 11, find: () => known(envelope.payload, outcome) }
    expect(await admit(envelope, later)).toMatchObject({ kind: 'repeat', outcome })
  })

  it('obeys the policy of the machine', async () => {
    const readPolicy = async () => ({ kinds: ['facts.collect'] })
    expect(await refusal(sign(), { readPolicy })).toBe('policy')
    const paths = async () => ({ paths: ['/etc/app'] })
    expect(await refusal(sign(withFile({ path: '/etc/app/a.conf' })), { readPolicy: paths })).toBe('admitted')
    expect(await refusal(sign(withFile({ path: '/etc/apple.conf' })), { readPolicy: paths })).toBe('policy')
  })

  it('lets no agent be laid out on a machine whose policy names other packages', async () => {
    const source = { url: 'http://fleet', suite: 'drover', key: '' }
    const stage = sign({ kind: 'agent.stage', args: { source, version: '0.2.0' } } as never)
    const only = (...packages: string[]) => ({ readPolicy: async () => ({ packages }) })
    expect(await refusal(stage, only('postgresql-*'))).toBe('policy')
    expect(await refusal(stage, only('drover-*'))).toBe('admitted')
  })

  it('lets nothing in while the policy cannot be relied on', async () => {
    const readPolicy = async () => {
      throw new DroverError('denied', 'the policy can be written by others')
    }
    expect(await refusal(sign(), { readPolicy })).toBe('policy')
  })
})

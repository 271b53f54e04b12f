import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandOutcome } from '../../shared/domain/command.ts'
import { createLog } from '../../shared/lib/log.ts'
import { findAuditBreak } from '../../shared/signing/audit-chain.ts'
import { createTestKeys, signCommand, TEST_NOW, testCommand } from '../../test/support/command-fixture.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { createHost } from '../host/host.ts'
import { type Audit, type AuditEvent, openAudit } from '../journal/audit.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { createCommandRunner } from './command-runner.ts'
import { createQuiet } from './quiet.ts'
import { createSerialLock } from './serial-lock.ts'

const keys = createTestKeys()

describe('a command', () => {
  let root: string
  let journal: Journal
  let audit: Audit
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-commands-'))
    const { files } = createHost({ root })
    journal = await openJournal({ files, path: '/journal.ndjson' })
    audit = await openAudit({ files, path: '/audit.ndjson', onBreak: message => expect.fail(message) })
  })
  afterEach(() => rm(root, { recursive: true }))

  it.each(['journal', 'audit'] as const)(
    'does nothing before its %s is on disk, and both are written at once',
    async late => {
      const written = Promise.withResolvers<void>()
      const begun: string[] = []
      const gated = async (name: 'journal' | 'audit', write: () => Promise<void>) => {
        begun.push(name)
        if (name === late) await written.promise
        await write()
      }
      const { runner, done, ended } = start({
        journal: { ...journal, begin: intent => gated('journal', () => journal.begin(intent)) },
        audit: { ...audit, record: event => gated('audit', () => audit.record(event)) },
      })
      const received = runner.receive(signCommand(testCommand(), keys.signer))
      await expect.poll(() => begun).toEqual(['journal', 'audit'])
      expect(done).toEqual([])
      written.resolve()
      await received
      await expect.poll(() => ended.map(({ state }) => state)).toEqual(['done'])
      expect(done).toEqual(['command-1'])
      expect(typesOf(audit)).toEqual(['command:accepted', 'command:finished'])
    },
  )

  it('is not done when its intent cannot be written, which its audit chain says, and is done when it comes again', async () => {
    let isFull = true
    const begin: Journal['begin'] = async intent => {
      if (isFull) throw new Error('no space left')
      await journal.begin(intent)
    }
    const { runner, done, ended } = start({ journal: { ...journal, begin }, audit })
    const envelope = signCommand(testCommand(), keys.signer)
    await runner.receive(envelope)
    expect(ended).toMatchObject([{ state: 'failed', message: 'no space left' }])
    expect(done).toEqual([])
    isFull = false
    await runner.receive(envelope)
    await expect.poll(() => done).toEqual(['command-1'])
    await expect
      .poll(() => typesOf(audit))
      .toEqual(['command:accepted', 'command:interrupted', 'command:accepted', 'command:finished'])
    expect(findAuditBreak(audit.after(0, 10))).toBeNull()
  })

  function start(parts: { readonly journal: Journal; readonly audit: Audit }) {
    const done: string[] = []
    const ended: CommandOutcome[] = []
    const runner = createCommandRunner({
      ...parts,
      executors: {} as never,
      execute: async ({ commandId }) => (done.push(commandId), {}),
      clock: new ManualClock(TEST_NOW),
      log: createLog({ level: 'silent' }),
      machine: createSerialLock(),
      quiet: createQuiet({ clock: new ManualClock(TEST_NOW), isBusy: () => false }),
      admission: () => ({
        fleetId: 'fleet-1',
        nodeId: 'node-1',
        generation: 1,
        keySet: keys.keySet,
        readPolicy: async () => ({}),
      }),
      signal: new AbortController().signal,
    })
    runner.attach({
      accepted: () => undefined,
      progress: () => undefined,
      finished: ({ outcome }) => ended.push(outcome),
    })
    return { runner, done, ended }
  }
})

function typesOf(audit: Audit): readonly string[] {
  return audit.after(0, 10).map(({ record }) => (JSON.parse(record) as AuditEvent).type)
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import type { HostFiles } from '../host/files-types.ts'
import { createHost } from '../host/host.ts'
import { openJournal } from './journal.ts'

const PATH = '/journal.ndjson'
const done = { state: 'done', result: { changed: true } } as const

describe('the journal', () => {
  let root: string
  let files: HostFiles

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-journal-'))
    files = createHost({ root }).files
  })
  afterEach(() => rm(root, { recursive: true }))

  const open = (through: HostFiles = files) => openJournal({ files: through, path: PATH })
  const intent = (sequence: number, generation = 1) => ({
    generation,
    sequence,
    leaderEpoch: 5,
    commandId: `command-${sequence}`,
    kind: 'converge' as const,
    payloadHash: `hash-${sequence}`,
    at: 1,
  })

  it('remembers a result over a restart until it is acknowledged', async () => {
    const first = await open()
    await first.begin(intent(1))
    await first.finish('command-1', done)
    const second = await open()
    expect(second.unacknowledged()).toEqual([{ commandId: 'command-1', sequence: 1, outcome: done }])
    await second.acknowledge('command-1')
    const third = await open()
    expect(third.unacknowledged()).toEqual([])
    expect(third.find(1, 1)?.outcome).toEqual(done)
  })

  it('reports a command whose result is missing after a kill as interrupted', async () => {
    const first = await open()
    await first.begin(intent(1))
    const second = await open()
    expect(second.unacknowledged()).toEqual([
      { commandId: 'command-1', sequence: 1, outcome: { state: 'interrupted' } },
    ])
  })

  it('is whole after a kill at any byte of the file', async () => {
    const first = await open()
    await first.begin(intent(1))
    await first.finish('command-1', done)
    await first.begin(intent(2))
    const bytes = await readFile(join(root, PATH))
    for (let length = 0; length <= bytes.length; length += 1) {
      await writeFile(join(root, PATH), bytes.subarray(0, length))
      const journal = await open()
      const last = journal.lastSequence(1)
      expect(journal.unacknowledged().map(({ sequence }) => sequence)).toEqual([1, 2].slice(0, last))
      await journal.begin(intent(last + 1))
      expect((await open()).lastSequence(1)).toBe(last + 1)
    }
  })

  it('keeps sequence and epoch when acknowledged entries are forgotten', async () => {
    const journal = await open()
    for (let sequence = 1; sequence <= 700; sequence += 1) {
      await journal.begin(intent(sequence))
      await journal.finish(`command-${sequence}`, done)
      await journal.acknowledge(`command-${sequence}`)
    }
    const again = await open()
    expect(again.lastSequence(1)).toBe(700)
    expect(again.highestEpoch()).toBe(5)
    expect(again.find(1, 1)).toBeNull()
    expect(again.find(700, 1)?.outcome).toEqual(done)
  })

  it('counts the commands of a new generation from the beginning', async () => {
    const journal = await open()
    await journal.begin(intent(9))
    expect(journal.lastSequence(2)).toBe(0)
    await journal.begin({ ...intent(1, 2), commandId: 'new' })
    expect(journal.lastSequence(2)).toBe(1)
    expect(journal.find(9, 2)).toBeNull()
  })

  it('has not seen what could not be written, and goes on when there is room again', async () => {
    let isFull = false
    const full = () => Promise.reject(new DroverError('exhausted', 'no space left on the device'))
    const journal = await open({
      ...files,
      append: write => (isFull ? full() : files.append(write)),
      writeAtomic: write => (isFull ? full() : files.writeAtomic(write)),
    })
    isFull = true
    await expect(journal.begin(intent(1))).rejects.toThrow('no space left')
    expect(journal.lastSequence(1)).toBe(0)
    isFull = false
    await journal.begin(intent(1))
    expect((await open()).lastSequence(1)).toBe(1)
  })
})

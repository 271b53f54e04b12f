import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findAuditBreak } from '../../shared/signing/audit-chain.ts'
import { createHost } from '../host/host.ts'
import { openAudit } from './audit.ts'

describe("the agent's audit chain", () => {
  let root: string
  let broken: string[]
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-audit-'))
    broken = []
  })
  afterEach(() => rm(root, { recursive: true }))

  const path = () => join(root, 'audit.ndjson')
  const open = () =>
    openAudit({
      files: createHost({ root }).files,
      path: '/audit.ndjson',
      onBreak: message => broken.push(message),
    })
  const event = (at: number) => ({ at, type: 'command:refused', reason: 'expired' }) as const

  it('goes on where it was after a restart, also after half a line', async () => {
    const first = await open()
    await first.record(event(1))
    await first.record(event(2))
    await truncate(path(), (await readFile(path())).length - 5)
    const second = await open()
    await second.record(event(3))
    const links = (await open()).after(0, 10)
    expect(links.map(({ index }) => index)).toEqual([1, 2])
    expect(findAuditBreak(links)).toBeNull()
  })

  it('says when a record was altered', async () => {
    const audit = await open()
    await audit.record(event(1))
    await audit.record(event(2))
    await writeFile(path(), (await readFile(path(), 'utf8')).replace('expired', 'allowed'))
    await open()
    expect(broken).toEqual(['the audit chain is altered at index 1'])
  })

  it('gets rid of what the orchestrator has, and the chain still holds', async () => {
    const audit = await open()
    for (let at = 0; at < 300; at += 1) await audit.record(event(at))
    await audit.acknowledged(299)
    await audit.record(event(300))
    const again = await open()
    expect(broken).toEqual([])
    expect(again.head().index).toBe(301)
    expect(again.after(0, 1000).length).toBeLessThan(5)
  })

  it('loses no record that is made while the file is being cut', async () => {
    const { files } = createHost({ root })
    const cutting = Promise.withResolvers<void>()
    let isSlow = false
    const writeAtomic: typeof files.writeAtomic = async write => {
      if (isSlow) await cutting.promise
      await files.writeAtomic(write)
    }
    const audit = await openAudit({
      files: { ...files, writeAtomic },
      path: '/audit.ndjson',
      onBreak: message => broken.push(message),
    })
    for (let at = 0; at < 300; at += 1) await audit.record(event(at))
    isSlow = true
    const cut = audit.acknowledged(300)
    const recorded = audit.record(event(300))
    await Promise.race([recorded, new Promise(resolve => setTimeout(resolve, 100))])
    cutting.resolve()
    await Promise.all([cut, recorded])
    expect((await open()).head()).toEqual(audit.head())
    expect(broken).toEqual([])
  })
})

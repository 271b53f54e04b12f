import { describe, expect, it } from 'vitest'
import { minimalFacts } from '../../test/support/minimal-facts.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { FactsStore, putFsync } from './facts-store.ts'

const PROBE = {
  path: '/var/lib/drover',
  samples: 1024,
  p50Micros: 300,
  p99Micros: 900,
  maxMicros: 950,
  direct: true,
  takenAt: '2026-01-01T00:00:00Z',
}

describe('the facts of a node', () => {
  it('keep the figure of its disk when the agent reports anew', async () => {
    await using temporary = temporaryStore()
    const facts = new FactsStore(temporary.store)
    await facts.put('n1', { hash: 'a', receivedAt: 1, facts: minimalFacts() })
    await temporary.store.txn({ success: [putFsync('n1', PROBE)] })
    await facts.put('n1', { hash: '', receivedAt: 2, facts: minimalFacts({ hostname: 'renamed' }) })
    await facts.rename('n1', 'b')
    expect(await facts.get('n1')).toMatchObject({ hash: 'b', facts: { hostname: 'renamed', fsync: PROBE } })
    expect((await facts.all()).get('n1')?.facts.fsync).toEqual(PROBE)
  })

  it('have no figure before there is one, and a figure alone is no facts', async () => {
    await using temporary = temporaryStore()
    const facts = new FactsStore(temporary.store)
    await facts.put('n1', { hash: 'a', receivedAt: 1, facts: minimalFacts() })
    await temporary.store.txn({ success: [putFsync('n2', PROBE)] })
    expect((await facts.get('n1'))?.facts.fsync).toBeUndefined()
    expect([...(await facts.all()).keys()]).toEqual(['n1'])
  })
})

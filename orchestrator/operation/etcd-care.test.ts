import { describe, expect, it } from 'vitest'
import type { EtcdObservation } from '../../shared/domain/observation.ts'
import { needsDefragmenting } from './etcd-care.ts'

const MIB = 1024 ** 2

function voter(change: Partial<EtcdObservation> = {}): EtcdObservation {
  return {
    name: 'etcd-1',
    healthy: true,
    leader: false,
    dbSizeBytes: 400 * MIB,
    dbSizeInUseBytes: 390 * MIB,
    ...change,
  }
}

describe('etcd needs defragmenting', () => {
  it('when half of a database that is worth it is free, or it has run out of space', () => {
    expect(needsDefragmenting(voter({ dbSizeInUseBytes: 200 * MIB }))).toBe(true)
    expect(needsDefragmenting(voter({ alarms: ['NOSPACE'] }))).toBe(true)
  })

  it('and not when it is small, full of data, or does not tell', () => {
    expect(needsDefragmenting(voter())).toBe(false)
    expect(needsDefragmenting(voter({ dbSizeBytes: 20 * MIB, dbSizeInUseBytes: MIB }))).toBe(false)
    expect(needsDefragmenting({ name: 'etcd-1', healthy: false, leader: false })).toBe(false)
  })
})

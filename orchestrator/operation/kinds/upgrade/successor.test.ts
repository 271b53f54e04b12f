import { describe, expect, it } from 'vitest'
import type { InstanceWatch } from '../../../../shared/domain/manifest.ts'
import type { StandbySeen } from '../restart/scene.ts'
import { standbysInTurn, successorOf } from './successor.ts'

const standby = (instance: StandbySeen['member']['instance'], seen: Partial<StandbySeen> = {}): StandbySeen => ({
  member: { nodeId: 'n2', instance, watch: {} as InstanceWatch },
  isSynchronous: false,
  mayLead: true,
  lagBytes: 0,
  ...seen,
})
const confirming = standby('pg-main-2', { isSynchronous: true })
const late = standby('pg-main-3', { lagBytes: 5 })
const reader = standby('pg-main-4', { mayLead: false })

describe('standbys', () => {
  it('have their turn one after the other: whoever lags most first, whoever confirms commits last', () => {
    const names = standbysInTurn({ standbys: [confirming, standby('pg-main-5'), late] }).map(
      ({ member }) => member.instance,
    )
    expect(names).toEqual(['pg-main-3', 'pg-main-5', 'pg-main-2'])
  })
})

describe('the primary is followed by', () => {
  it('the standby that confirms commits, as long as another one can confirm afterwards', () => {
    expect(successorOf({ standbys: [confirming, late], followsAnother: false }, true)).toBe(confirming)
  })

  it('nobody when only the old primary could confirm afterwards: it restarts in its place', () => {
    expect(successorOf({ standbys: [confirming], followsAnother: false }, true)).toBeUndefined()
    expect(successorOf({ standbys: [confirming, reader], followsAnother: false }, true)).toBeUndefined()
  })

  it('the only other member where nobody has to confirm, but never by one that may not lead', () => {
    expect(successorOf({ standbys: [late], followsAnother: false }, false)).toBe(late)
    expect(successorOf({ standbys: [reader], followsAnother: false }, false)).toBeUndefined()
  })

  it('nobody in a cluster that follows another one', () => {
    expect(successorOf({ standbys: [late], followsAnother: true }, false)).toBeUndefined()
  })
})

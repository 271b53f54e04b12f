import { describe, expect, it } from 'vitest'
import { bestOnOffer } from './best-on-offer.ts'

const offers = {
  'postgresql-17': ['17.12-0+deb13u1', '17.11-0+deb13u1', '17.10-0+deb13u1'],
  'postgresql-client-17': ['17.12-0+deb13u1', '17.11-0+deb13u1'],
  'postgresql-17-pgvector': ['0.8.1-1', '0.8.0-1'],
  patroni: ['4.0.5-1'],
  absent: [],
}
const newest = {
  'postgresql-17': '17.12-0+deb13u1',
  'postgresql-client-17': '17.12-0+deb13u1',
  'postgresql-17-pgvector': '0.8.1-1',
  patroni: '4.0.5-1',
}
const held = (...versions: readonly string[]) => versions.map(version => ({ version, because: 'it was withdrawn' }))

describe('what a new host gets', () => {
  it('is the newest of everything', () => {
    expect(bestOnOffer(offers, [])).toEqual(newest)
    expect(bestOnOffer(offers, held('17.11', '0.8.1'))).toEqual(newest)
  })

  it('is no held release of PostgreSQL, nor of what is built with it', () => {
    const older = { ...newest, 'postgresql-17': '17.11-0+deb13u1', 'postgresql-client-17': '17.11-0+deb13u1' }
    expect(bestOnOffer(offers, held('17.12'))).toEqual(older)
    expect(bestOnOffer({ 'postgresql-17': ['17.8-1', '17.7-1'] }, [])).toEqual({ 'postgresql-17': '17.7-1' })
  })

  it('is the newest all the same when every release on offer is held', () => {
    expect(bestOnOffer(offers, held('17.12', '17.11', '17.10'))).toEqual(newest)
  })
})

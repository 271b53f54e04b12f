import { describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { closeNames } from './close-names.ts'
import { parsePackageRequests } from './package-request.ts'
import { parsePoolName, poolPath } from './pool.ts'

describe('parsePackageRequests', () => {
  it('reads names and pinned versions', () => {
    expect(parsePackageRequests(['g++', 'libpq5=17.12-0+deb13u1', 'passwd=1:4.17~rc1', 'g++'])).toEqual([
      { name: 'g++' },
      { name: 'libpq5', version: '17.12-0+deb13u1' },
      { name: 'passwd', version: '1:4.17~rc1' },
    ])
  })

  it.each(['-o', 'patroni-', 'Patroni', 'a b', '', 'patroni=', 'patroni=1 2', '../x'])('refuses %j', text => {
    expect(() => parsePackageRequests([text])).toThrow(DroverError)
  })

  it('tells every problem at once, contradictions too', () => {
    expect(() => parsePackageRequests(['x_y', 'libpq5=1', 'libpq5=2'])).toThrow(/"x_y".*libpq5=1 and libpq5=2/)
  })
})

describe('poolPath', () => {
  it.each([
    [
      { name: 'libpq5', version: '17.12-0+deb13u1', architecture: 'amd64' },
      'pool/libp/libpq5/libpq5_17.12-0+deb13u1_amd64.deb',
    ],
    [{ name: 'passwd', version: '1:4.17', architecture: 'amd64' }, 'pool/p/passwd/passwd_1_4.17_amd64.deb'],
  ])('and back: %j', (item, path) => {
    expect(poolPath(item)).toBe(path)
    expect(parsePoolName(path.split('/').at(-1) ?? '')).toEqual(item)
  })
})

describe('closeNames', () => {
  it('puts the likeliest first', () => {
    const names = ['patroni', 'patron', 'postgresql-17', 'postgresql-17-pgvector', 'zlib1g']
    expect(closeNames({ wanted: 'patrony', names })).toEqual(['patron', 'patroni'])
    expect(closeNames({ wanted: 'pgvector', names })).toEqual(['postgresql-17-pgvector'])
    expect(closeNames({ wanted: 'qqqqqqqq', names })).toEqual([])
  })
})

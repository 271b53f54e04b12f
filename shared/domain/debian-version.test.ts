import { describe, expect, it } from 'vitest'
import { compareDebianVersions, upstream } from './debian-version.ts'

describe('versions of Debian packages', () => {
  it('are ordered by value, with ~ before the end', () => {
    const ordered = [
      '1.0~rc1-1',
      '1.0-1',
      '1.0-1+deb13u1',
      '1.0-1+deb13u2',
      '1.0-1+deb13u10',
      '1.0.1-1',
      '1.10-1',
      '1:0.1-1',
    ]
    expect(ordered.toReversed().toSorted(compareDebianVersions)).toEqual(ordered)
  })

  it('are said as people do', () => {
    expect(['17.12-0+deb13u1', '1:17.12-1', '15.20', 'odd'].map(upstream)).toEqual(['17.12', '17.12', '15.20', 'odd'])
  })
})

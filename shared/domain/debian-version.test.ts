import { describe, expect, it } from 'vitest'
import { compareDebianVersions } from './debian-version.ts'

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
})

import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
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

  it('are ordered as dpkg does', () => {
    const piece = fc.stringMatching(/^[0-9a-c.+~]{1,4}$/)
    const version = fc
      .tuple(fc.option(fc.nat(2)), fc.nat(12), piece, fc.option(piece))
      .map(
        ([epoch, first, rest, revision]) =>
          `${epoch === null ? '' : `${epoch}:`}${first}${rest}${revision === null ? '' : `-${revision}`}`,
      )
    fc.assert(
      fc.property(version, version, (left, right) => {
        const order = Math.sign(compareDebianVersions(left, right))
        const [relation] = [order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq']
        execFileSync('dpkg', ['--compare-versions', left, relation, right], { stdio: 'ignore' })
      }),
      { numRuns: 60 },
    )
  })
})

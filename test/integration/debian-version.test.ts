import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { compareDebianVersions } from '../../shared/domain/debian-version.ts'

describe('versions of Debian packages', () => {
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

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confirmingStandbys, isOneDomain } from './confirming-standbys.ts'

describe('how many standbys confirm', () => {
  it('is what is asked for, and never more than there are', () => {
    expect(confirmingStandbys({ synchronous: { standbys: 2 } }, ['a', 'a', 'a'])).toBe(2)
    expect(confirmingStandbys({ synchronous: { standbys: 2 } }, ['a', 'a'])).toBe(1)
  })

  it('is as many as share a zone, so that one of them is elsewhere', () => {
    const across = { synchronous: { standbys: 1, across: 'zone' } }
    expect(confirmingStandbys(across, ['a', 'b', 'c'])).toBe(1)
    expect(confirmingStandbys(across, ['a', 'a', 'b'])).toBe(2)
    expect(confirmingStandbys(across, ['a', 'a', 'a', 'b', 'b'])).toBe(3)
  })

  it('takes members without the label for one domain', () => {
    expect(isOneDomain([undefined, undefined])).toBe(true)
    expect(confirmingStandbys({ synchronous: { standbys: 1, across: 'zone' } }, ['a', undefined, undefined])).toBe(2)
  })

  it('always leaves one outside the primary’s domain, whatever standbys are taken, and is the smallest such number', () => {
    const domains = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(domains, domains => {
        fc.pre(!isOneDomain(domains))
        const count = confirmingStandbys({ synchronous: { standbys: 1, across: 'zone' } }, domains)
        expect(everyChoiceLeaves(domains, count)).toBe(true)
        expect(count === 1 || !everyChoiceLeaves(domains, count - 1)).toBe(true)
      }),
    )
  })
})

/** Tries every primary with every choice of that many of its standbys. */
function everyChoiceLeaves(domains: readonly string[], count: number): boolean {
  return domains.every((own, primary) =>
    choices(
      domains.filter((_, index) => index !== primary),
      count,
    ).every(chosen => chosen.some(domain => domain !== own)),
  )
}

function choices(from: readonly string[], count: number): readonly (readonly string[])[] {
  if (count === 0) return [[]]
  return from.flatMap((first, index) => choices(from.slice(index + 1), count - 1).map(rest => [first, ...rest]))
}

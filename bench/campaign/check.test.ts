import { describe, expect, it } from 'vitest'
import { begunAround, mostAtOnce, notOnce } from './check.ts'

const spans = [
  { cluster: 'a', from: 0, to: 10 },
  { cluster: 'b', from: 5, to: 15 },
  { cluster: 'c', from: 10, to: 20 },
]

describe('what a campaign did', () => {
  it('is counted by what clusters share; one that ends makes room for one that begins in the same moment', () => {
    expect(mostAtOnce(spans, () => ['fleet'])).toBe(2)
    expect(mostAtOnce(spans, ({ cluster }) => (cluster === 'b' ? ['n2'] : ['n1', 'n1']))).toBe(1)
    expect(mostAtOnce([], () => ['fleet'])).toBe(0)
  })

  it('shows who was begun twice or never, and who while no window was open', () => {
    expect(notOnce([...spans, { cluster: 'a', from: 30, to: 40 }], ['a', 'b', 'c', 'd'])).toEqual(['a', 'd'])
    expect(begunAround(spans, { from: 5, to: 10 })).toEqual({ before: 1, within: 1, after: 1 })
  })
})

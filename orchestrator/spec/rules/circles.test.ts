import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { circlesOf, wayText } from './circles.ts'

describe('circles', () => {
  it('start with the name that comes first', () => {
    expect(circlesOf(edges({ x: ['a'], a: ['b'], b: ['c'], c: ['a'] }))).toEqual([['a', 'b', 'c', 'a']])
  })

  it('are told apart, and of those that share a name one is told', () => {
    expect(circlesOf(edges({ a: ['b', 'c'], b: ['a'], c: ['a'], d: ['d'] }))).toEqual([
      ['a', 'b', 'a'],
      ['d', 'd'],
    ])
  })

  it('are not found in a chain, however long', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => [`n${index}`, [`n${index + 1}`]] as const)
    expect(circlesOf(new Map(chain))).toEqual([])
  })

  it('are there exactly when names cannot be put in an order', () => {
    const node = fc.integer({ min: 0, max: 6 }).map(String)
    const graphs = fc.uniqueArray(fc.tuple(node, fc.array(node, { maxLength: 3 })), { selector: ([name]) => name })
    fc.assert(
      fc.property(graphs, graph => {
        const map = new Map(graph)
        const circles = circlesOf(map)
        expect(circles.length > 0).toBe(!canBeOrdered(map))
        for (const circle of circles) {
          expect(circle.at(-1)).toBe(circle[0])
          for (const [index, name] of circle.slice(0, -1).entries()) expect(map.get(name)).toContain(circle[index + 1])
        }
      }),
    )
  })

  it('are shortened for people', () => {
    expect(wayText('abcdefghijkla'.split(''))).toBe('a → b → c → d → e → … → j → k → l → a')
  })
})

function edges(graph: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(graph))
}

/** Takes away whoever follows nobody that is left, until nobody is left or nobody can go. */
function canBeOrdered(graph: ReadonlyMap<string, readonly string[]>): boolean {
  const left = new Map(graph)
  for (;;) {
    const free = [...left].find(([, next]) => next.every(name => !left.has(name)))
    if (free === undefined) return left.size === 0
    left.delete(free[0])
  }
}

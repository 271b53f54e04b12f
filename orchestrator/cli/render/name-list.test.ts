import { describe, expect, it } from 'vitest'
import { nameList } from './name-list.ts'

describe('a list of names', () => {
  it.each([
    [[], ''],
    [['node-2', 'node-1'], 'node-1, node-2'],
    [['node-10', 'node-9', 'node-8', 'node-2'], 'node-2, node-8 … node-10'],
    [['a-1', 'a-2', 'a-3', 'b-4'], 'a-1 … a-3, b-4'],
    [['paris', 'berlin'], 'berlin, paris'],
  ])('%j reads as %s', (names, text) => {
    expect(nameList(names)).toBe(text)
  })

  it('tells only how many there are after the first runs', () => {
    expect(nameList(['a-1', 'a-2', 'a-3', 'b', 'c-7', 'c-8', 'd'], 2)).toBe('a-1 … a-3, b and 3 more')
  })
})

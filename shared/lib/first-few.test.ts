import { expect, it } from 'vitest'
import { firstFew } from './first-few.ts'

it('says all while they are few, then how many are left', () => {
  expect(firstFew([], 3)).toBe('')
  expect(firstFew(['a', 'b', 'c'], 3)).toBe('a; b; c')
  expect(firstFew(['a', 'b', 'c', 'd', 'e'], 3)).toBe('a; b; c; and 2 more')
  expect(firstFew(['a', 'b', 'c'], 2, ', ')).toBe('a, b, and 1 more')
})

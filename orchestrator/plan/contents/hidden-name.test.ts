import { describe, expect, it } from 'vitest'
import { hiddenName } from './hidden-name.ts'

const named = (name: string) => hiddenName({ kind: 'database', cluster: 'pg-main', name }).hiddenAs

describe('the name under which something is kept', () => {
  it('tells what it was', () => {
    expect(named('app')).toBe('drover_removed_app')
  })

  it('fits PostgreSQL, and long names that begin alike stay apart', () => {
    const [one, other] = [named(`${'a'.repeat(60)}one`), named(`${'a'.repeat(60)}two`)]
    expect([one?.length, other?.length]).toEqual([63, 63])
    expect(one).not.toBe(other)
    expect(named(`${'a'.repeat(60)}one`)).toBe(one)
  })

  it('is none for what is not renamed', () => {
    expect(hiddenName({ kind: 'user', cluster: 'pg-main', name: 'bob' })).toEqual({})
  })
})

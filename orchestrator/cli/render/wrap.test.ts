import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wrap } from './wrap.ts'

describe('wrapped text', () => {
  it('hangs under its first line', () => {
    const text = 'the widest label with the fewest members comes first'
    expect(wrap(text, { columns: 40, indent: 2, hang: 6 })).toEqual([
      '  the widest label with the fewest',
      '      members comes first',
    ])
  })

  it('keeps a number and its per cent sign together', () => {
    expect(wrap('the highest load of any host is now at 75 % of it', { columns: 42, indent: 0 })).toEqual([
      'the highest load of any host is now at',
      '75 % of it',
    ])
  })

  it('keeps a word whole that does not fit', () => {
    const path = `/var/lib/${'x'.repeat(60)}`
    expect(wrap(`from ${path} there`, { columns: 40, indent: 0 })).toEqual(['from', path, 'there'])
  })

  it('loses no word and passes the edge only with a word that is longer than a line', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 120 }), (list, columns) => {
        const lines = wrap(list.join(' '), { columns, indent: 4 })
        expect(lines.flatMap(line => line.trim().split(' '))).toEqual(list)
        for (const line of lines) expect(line.length <= columns || !line.trim().includes(' ')).toBe(true)
      }),
    )
  })
})

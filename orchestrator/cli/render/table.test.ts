import { expect, it } from 'vitest'
import { table } from './table.ts'
import { bytes, duration } from './units.ts'

it('aligns columns, ignores colour codes and leaves no trailing spaces', () => {
  expect(
    table(
      ['NAME', 'STATE', 'NOTE'],
      [
        ['node-1', '\u001b[32mready\u001b[39m', ''],
        ['n', 'silent', 'x'],
      ],
    ),
  ).toBe('NAME    STATE   NOTE\nnode-1  \u001b[32mready\u001b[39m\nn       silent  x\n')
})

it.each([
  [undefined, '-'],
  [0, '0B'],
  [1023, '1023B'],
  [1536, '1.5kB'],
  [16 * 1024 ** 3, '16GB'],
  [3.84e12, '3.5TB'],
])('shows %s bytes as %s', (value, text) => expect(bytes(value)).toBe(text))

it.each([
  [850, '850ms'],
  [12_340, '12.3s'],
  [245_000, '4m05s'],
])('shows %s ms as %s', (value, text) => expect(duration(value)).toBe(text))

import { describe, expect, it } from 'vitest'
import { collectLabel, collectLeaver, parseCount, parseDuration } from './arguments.ts'

describe('arguments', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each(['', '0m', '1', '1w', '-1h', '1.5h', '1h30m'])('refuses the duration %j', text =>
    expect(() => parseDuration(text)).toThrow('a duration like 30m, 1h or 1d'),
  )

  it.each(['0', '-1', '1.5', 'x', ''])('refuses the count %j', text =>
    expect(() => parseCount(text)).toThrow('a whole number'),
  )

  it('collects labels; the last one of a key wins', () => {
    expect(collectLabel('zone=b', collectLabel('rack=r1', { zone: 'a' }))).toEqual({ zone: 'b', rack: 'r1' })
    expect(() => collectLabel('zone', {})).toThrow('a label like zone=a')
  })

  it.each(['pg-main', 'pg-main-3', 'database:pg-main/App 1', 'user:pg-main/bob', 'schema:pg-main/app/sales'])(
    'takes %s for something that may leave',
    name => expect(collectLeaver(name, ['pg-old'])).toEqual(['pg-old', name]),
  )

  it.each([
    ['PG', 'a name like pg-main or pg-main-3'],
    ['database:pg-main', 'a name like database:pg-main/app'],
    ['table:pg-main/app', 'a name like database:pg-main/app'],
    ['extension:pg-main/hstore', 'a name like database:pg-main/app'],
  ])('refuses %s for something that may leave', (name, why) => expect(() => collectLeaver(name, [])).toThrow(why))
})

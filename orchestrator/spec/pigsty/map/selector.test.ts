import { describe, expect, it } from 'vitest'
import type { Variables } from '../inventory.ts'
import { parseSelector } from './selector.ts'

const MEMBERS = {
  one: { pg_role: 'primary', pg_seq: 1 },
  two: { pg_role: 'replica', pg_seq: 2 },
  three: { pg_role: 'replica', pg_seq: 3, pg_offline_query: true },
  four: { pg_role: 'offline', pg_seq: 4, pg_offline_query: 'no' },
}

describe('a selector of a service', () => {
  it.each([
    ['[]', ['one', 'two', 'three', 'four']],
    ['[*]', ['one', 'two', 'three', 'four']],
    ['[? pg_role == `primary`]', ['one']],
    ['[?pg_role==`primary`]', ['one']],
    ["[? pg_role == 'primary']", ['one']],
    ['[? pg_role == `"primary"`]', ['one']],
    ['[? pg_role != `primary`]', ['two', 'three', 'four']],
    ['[? pg_seq == `2`]', ['two']],
    ['[? pg_role == `primary` || pg_role == `offline` ]', ['one', 'four']],
    ['[? pg_role == `offline` || pg_offline_query ]', ['three', 'four']],
    ['[? pg_role == `replica` && !pg_offline_query]', ['two']],
    ['[? !(pg_role == `replica` || pg_role == `offline`)]', ['one']],
    ['[? pg_role == `primary` || pg_role == `replica` && pg_offline_query]', ['one', 'three']],
    ['[? no_such_parameter]', []],
  ])('%s picks %j', (text, expected) => {
    expect(picked(text)).toEqual(expected)
  })

  it.each([
    '',
    'primary',
    '[0]',
    '[? pg_seq > `1`]',
    '[? contains(pg_role, `a`)]',
    '[? pg_role == ]',
    '[? (pg_role ]',
    '[? a b ]',
  ])('`%s` is more than is read here, or nothing', text => {
    expect(parseSelector(text)).toBeUndefined()
  })
})

function picked(text: string): readonly string[] | undefined {
  const selector = parseSelector(text)
  return selector && Object.entries(MEMBERS).flatMap(([name, values]) => (selector(variables(values)) ? name : []))
}

function variables(values: object): Variables {
  return new Map(Object.entries(values).map(([name, value]) => [name, { path: [name], value: value as unknown }]))
}

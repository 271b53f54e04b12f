import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type YamlValue, yaml } from './yaml.ts'

const value = fc.letrec<{ node: YamlValue }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('on', 'no', 'null', '1e3', '~', '0x10', 'a: b', '# c', '- d', ' e', '2026-11-22', '127.0.0.1'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter(key => key !== '__proto__'),
      tie('node'),
      { maxKeys: 3 },
    ),
  ),
})).node

describe('yaml', () => {
  it('is read back as what was given, whatever the text looks like', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter(key => key !== '__proto__'),
          value,
        ),
        map => {
          for (const version of ['1.1', '1.2'] as const) expect(parse(yaml(map), { version })).toEqual({ ...map })
        },
      ),
    )
  })

  it('reads like written by hand', () => {
    expect(yaml({ a: 'x', b: { c: [1, { d: 'on', e: true }], f: [] }, left: undefined })).toBe(
      'a: x\nb:\n  c:\n    - 1\n    - d: "on"\n      e: true\n  f: []\n',
    )
  })
})

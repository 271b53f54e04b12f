import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { fleetJsonSchema } from './json-schema.ts'
import { parseSpec } from './parse-spec.ts'

const reference: unknown = parse(readFileSync(new URL('../../deploy/examples/reference.yml', import.meta.url), 'utf8'))
const accepts = new Ajv({ allowUnionTypes: true, validateFormats: false }).compile(fleetJsonSchema())

/** The reference with some of its values taken away, or replaced by what has no business there. */
const damagedFiles = fc
  .array(fc.tuple(fc.constantFrom(...pathsOf(reference)), fc.constantFrom('remove', 'replace'), fc.jsonValue()), {
    minLength: 1,
    maxLength: 4,
  })
  .map(damages => {
    const file = structuredClone(reference)
    for (const [path, verb, junk] of damages) damage({ file, path, verb, junk })
    return file
  })

it('any file is a spec that the JSON Schema takes too, or has problems that say where they are; the parser never throws', () => {
  fc.assert(
    fc.property(damagedFiles, file => {
      const text = stringify(file)
      const result = parseSpec(text, 'fleet.yml')
      const { problems } = 'spec' in result ? result : { problems: result }
      for (const { line, message } of problems) expect([message, line]).toEqual([message, expect.any(Number)])
      if ('spec' in result) expect([accepts(parse(text)), accepts.errors]).toEqual([true, null])
      else expect(problems.map(({ severity }) => severity)).toContain('error')
    }),
    { numRuns: 60 },
  )
})

type Steps = readonly (string | number)[]

function pathsOf(value: unknown, path: Steps = []): readonly Steps[] {
  if (typeof value !== 'object' || value === null) return [path]
  const steps = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item] as const)
    : Object.entries(value)
  const below = steps.flatMap(([step, item]) => pathsOf(item, [...path, step]))
  return path.length === 0 ? below : [path, ...below]
}

function damage({
  file,
  path,
  verb,
  junk,
}: {
  readonly file: unknown
  readonly path: Steps
  readonly verb: string
  readonly junk: unknown
}): void {
  let parent = file
  for (const step of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return
    parent = (parent as Record<string | number, unknown>)[step]
  }
  const last = path.at(-1)
  if (typeof parent !== 'object' || parent === null || last === undefined) return
  if (verb === 'replace') (parent as Record<string | number, unknown>)[last] = junk
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else delete (parent as Record<string | number, unknown>)[last]
}

import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { fleetJsonSchema } from './json-schema.ts'
import { parseSpec } from './parse-spec.ts'
import { schemaKeys } from './schema-keys.ts'

const EXAMPLES = new URL('../../deploy/examples/', import.meta.url)
const published = JSON.parse(readFileSync(new URL('../../docs/fleet.schema.json', import.meta.url), 'utf8'))
// Formats are an extra package of the validator; the patterns beside them say the same.
const accepts = new Ajv({ strict: true, allowUnionTypes: true, validateFormats: false }).compile(published)

describe('the published JSON Schema', () => {
  it('is what the schema of the fleet file says', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(fleetJsonSchema())))
  })

  it.each(readdirSync(EXAMPLES))('accepts deploy/examples/%s', file => {
    expect([accepts(example(file)), accepts.errors]).toEqual([true, null])
  })

  it('is named by every example, so that an editor finds it', () => {
    for (const file of readdirSync(EXAMPLES)) {
      const [first = ''] = text(file).split('\n')
      const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? []
      expect(JSON.parse(readFileSync(new URL(path, EXAMPLES), 'utf8')), file).toEqual(published)
    }
  })

  it('refuses an unknown key, wherever keys are known', () => {
    const places = mapsOf(example('reference.yml')).filter(({ path }) => !isFree(path))
    expect(places.map(({ path }) => path)).toContain('clusters[0].databases[0].pool')
    for (const { path, map } of places) {
      map['memebers'] = 3
      expect(accepts(places[0]?.map), path).toBe(false)
      delete map['memebers']
    }
    expect(accepts(places[0]?.map)).toBe(true)
  })

  it.each([
    'members: 0',
    'members: three',
    'durability: synch',
    'resources: { memory: 8 gigs }',
    'resources: { fsync: 5 years }',
    'parameters: { "work mem": 1 }',
    'placement: { nodes: ["a b"] }',
    'users: [{ name: App }]',
    'users: [{ name: app, password: plain }]',
    'users: [{ name: app, memberOf: [{ admin: true }] }]',
    'databases: [{ name: app }]',
    'hba: [{ user: all, database: all, address: 10.0.0.0/99 }]',
    'services: [{ name: a, port: 70000 }]',
  ])('refuses what the parser refuses: %s', line => {
    const file = `version: 1\nfleet: { name: f }\nclusters:\n  - name: pg-main\n    ${line}\n`
    expect(parseSpec(file, 'fleet.yml')).not.toHaveProperty('spec')
    expect(accepts(parse(file))).toBe(false)
  })

  it('describes every key', () => {
    const keys = propertiesOf(published)
    expect(new Set(keys.map(({ path }) => path))).toEqual(new Set(schemaKeys()))
    expect(keys.filter(({ schema }) => typeof schema['description'] !== 'string').map(({ path }) => path)).toEqual([])
  })
})

type Tree = Record<string, unknown>

function text(file: string): string {
  return readFileSync(new URL(file, EXAMPLES), 'utf8')
}

function example(file: string): unknown {
  return parse(text(file))
}

/** Maps whose keys are the writer's own. */
function isFree(path: string): boolean {
  return /(^|\.)(labels|parameters|upgrades\.per)$/.test(path)
}

function mapsOf(value: unknown, path = ''): readonly { readonly path: string; readonly map: Tree }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => mapsOf(item, `${path}[${index}]`))
  if (!isTree(value)) return []
  const deeper = Object.entries(value).flatMap(([key, item]) => mapsOf(item, below(path, key)))
  return [{ path, map: value }, ...deeper]
}

function propertiesOf(schema: unknown, path = ''): readonly { readonly path: string; readonly schema: Tree }[] {
  if (Array.isArray(schema)) return schema.flatMap(each => propertiesOf(each, path))
  if (!isTree(schema)) return []
  const properties = isTree(schema['properties']) ? Object.entries(schema['properties']) : []
  return [
    ...properties.flatMap(([key, value]) => [
      ...(isTree(value) ? [{ path: below(path, key), schema: value }] : []),
      ...propertiesOf(value, below(path, key)),
    ]),
    ...propertiesOf(schema['items'], `${path}[]`),
    ...propertiesOf(schema['anyOf'], path),
  ]
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

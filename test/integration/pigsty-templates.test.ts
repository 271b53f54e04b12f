import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import { CATALOGUE } from '../../orchestrator/spec/pigsty/catalogue/catalogue.ts'
import { importedYaml } from '../../orchestrator/spec/pigsty/to-yaml.ts'
import { imported, pigstyFixture } from '../support/pigsty.ts'
import { HAS_TEMPLATES, TEMPLATES, template } from '../support/template-fleet.ts'

const FIXTURES = ['single.yml', 'fleet.yml'].map((name): [string, string] => [name, pigstyFixture(name)])
const INVENTORIES: readonly (readonly [string, string])[] = HAS_TEMPLATES
  ? [...FIXTURES, ...readdirSync(TEMPLATES).map((name): [string, string] => [name, template(name)])]
  : FIXTURES

describe.each(INVENTORIES)('the inventory %s', (name, text) => {
  const { file, report } = imported(text, { today: '2026-01-31' })
  const yaml = importedYaml({ file, report, fileName: name })

  it('becomes a fleet file that Drover accepts', () => {
    const parsed = parseSpec(yaml, 'fleet.yml')
    expect('spec' in parsed ? [] : parsed).toEqual([])
  })

  it('finds each of its values in the report exactly once', () => {
    const places = report.map(entry => entry.place)
    expect([...places].sort()).toEqual([...placesOf(parse(text), 'all')].sort())
    expect(new Set(places).size).toBe(places.length)
  })

  it('says for each value where it went, or why not and what happens instead', () => {
    for (const { treatment, place } of report) {
      if (treatment.kind === 'mapped') expect(treatment.to, place).not.toBe('')
      else expect(treatment.reason, place).not.toBe('')
      if (treatment.kind === 'unsupported') expect(treatment.instead, place).not.toBe('')
    }
  })

  it('shows no password, neither in the file nor in the report', () => {
    const passwords = [...text.matchAll(/password: *'?(\w+\.\w+)/g)].flatMap(([, word]) => word ?? [])
    for (const password of passwords) {
      expect(yaml).not.toContain(password)
      expect(JSON.stringify(report)).not.toContain(password)
    }
  })

  it('comes out the same each time', () => {
    expect(importedYaml({ ...imported(text, { today: '2026-01-31' }), fileName: name })).toBe(yaml)
  })
})

describe.skipIf(!HAS_TEMPLATES)('the catalogue (needs ../shared/data/pigsty-conf)', () => {
  it('knows every parameter of the templates', () => {
    const unknown = INVENTORIES.slice(FIXTURES.length).flatMap(([, text]) =>
      imported(text)
        .report.filter(({ module }) => module === 'unknown')
        .map(({ parameter }) => parameter),
    )
    expect([...new Set(unknown)]).toEqual([])
  })

  it('knows the parameters that the exhaustive template only mentions in comments', () => {
    const text = readFileSync(`${TEMPLATES}/demo-debian.yml`, 'utf8')
    const mentioned = [...text.matchAll(/^ {4}# ?([a-z]+_[a-z_]+): /gm)].map(([, name = '']) => name)
    expect(mentioned.length).toBeGreaterThan(5)
    expect(mentioned.filter(name => !Object.hasOwn(CATALOGUE, name))).toEqual([])
  })
})

/** Places of all scalars and of all empty lists and maps in `vars` and below hosts, found without the importer's help. */
function placesOf(document: unknown, top: string): readonly string[] {
  const group = (at: string, value: Table): readonly string[] => [
    ...Object.entries(table(value['hosts'])).flatMap(([host, vars]) => variables(`${at}.hosts${key(host)}`, vars)),
    ...variables(`${at}.vars`, value['vars']),
    ...Object.entries(table(value['children'])).flatMap(([name, child]) =>
      group(`${at}.children${key(name)}`, table(child)),
    ),
  ]
  return group(top, table(table(document)[top]))
}

type Table = Readonly<Record<string, unknown>>

function variables(at: string, value: unknown): readonly string[] {
  return Object.entries(table(value)).flatMap(([name, item]) => leaves(`${at}${key(name)}`, item))
}

function leaves(at: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [at]
  return Object.entries(value).flatMap(([name, item]) =>
    leaves(Array.isArray(value) ? `${at}[${name}]` : `${at}${key(name)}`, item),
  )
}

function key(name: string): string {
  return /^[\w()-]+$/.test(name) ? `.${name}` : `["${name}"]`
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null ? (value as Table) : {}
}

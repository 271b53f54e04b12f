import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { schemaKeys } from './schema-keys.ts'

it('docs/spec.md has every key of the fleet file in a table, and no other', () => {
  const text = readFileSync(new URL('../../docs/spec.md', import.meta.url), 'utf8')
  expect([...documentedKeys(text)].sort()).toEqual([...schemaKeys()].sort())
})

/** Keys in the first column of the tables below a heading that is a path, such as `clusters[].users[]`. */
function* documentedKeys(text: string): Generator<string> {
  let prefix: string | undefined
  for (const line of text.split('\n')) {
    if (line === '## Top level') prefix = ''
    else if (line.startsWith('#')) prefix = /^#+ `(.+)`$/.exec(line)?.[1]
    const [, cell = ''] = /^\| (`.+?) \|/.exec(line) ?? []
    if (prefix === undefined) continue
    for (const [, key = ''] of cell.matchAll(/`(\w+)`/g)) yield prefix === '' ? key : `${prefix}.${key}`
  }
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fleetJsonSchema } from '../../orchestrator/spec/json-schema.ts'

/** The JSON Schema of the fleet file into docs/. It is committed; CI runs this with `--check`. */
const committed = fileURLToPath(new URL('../../docs/fleet.schema.json', import.meta.url))
const text = `${JSON.stringify(fleetJsonSchema(), undefined, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(committed, text)
} else if (!existsSync(committed) || readFileSync(committed, 'utf8') !== text) {
  console.error('docs/fleet.schema.json is stale: run npm run gen')
  process.exitCode = 1
}

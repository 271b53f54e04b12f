import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { retold } from '../support/plan-summary.ts'

const FOLDER = new URL('./plan-summaries/', import.meta.url)
const cases = readdirSync(FOLDER)
  .filter(name => name.endsWith('.md'))
  .sort()

/** `npm run test:integration -- plan-summaries -u` writes what is shown now; read the difference before you commit it. */
describe('a plan reads as it is told for', () => {
  it.each(cases)('%s', async name => {
    const path = new URL(name, FOLDER)
    await expect(await retold(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path.pathname)
  })
})

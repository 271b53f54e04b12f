import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A hash over files and folders (with their names) and further values: equal stamps mean that nothing has to be built again. */
export function inputStamp(inputs: {
  readonly root: string
  readonly paths: readonly string[]
  readonly values: readonly string[]
}): string {
  const hash = createHash('sha256')
  for (const path of inputs.paths.flatMap(path => filesOf(inputs.root, path))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(inputs.root, path)))
      .update('\0')
  }
  for (const value of inputs.values) hash.update(`${value}\0`)
  return hash.digest('hex')
}

function filesOf(root: string, path: string): readonly string[] {
  const entries = readEntries(join(root, path))
  if (entries === null) return [path]
  return entries
    .filter(entry => !entry.name.endsWith('.test.ts'))
    .flatMap(entry => filesOf(root, `${path}/${entry.name}`))
}

function readEntries(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null
    throw error
  }
}

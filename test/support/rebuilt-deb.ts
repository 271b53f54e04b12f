import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface RebuiltDeb {
  readonly path: string
  readonly version: string
}

/** A package of the pool again, under a version of its own: what a distribution's next revision is to a fleet. */
export async function rebuiltDeb(
  pool: string,
  name: string,
  change: {
    readonly suffix: string
    /** This file of it becomes a program that only fails. */
    readonly broken?: string
  },
): Promise<RebuiltDeb> {
  const original = await newestIn(pool, name)
  const folder = await mkdtemp(join(tmpdir(), 'drover-rebuilt-'))
  try {
    await run('dpkg-deb', ['--raw-extract', original, folder])
    const control = join(folder, 'DEBIAN/control')
    const text = await readFile(control, 'utf8')
    const version = `${/^Version: (.*)$/m.exec(text)?.[1] ?? ''}+${change.suffix}`
    await writeFile(control, text.replace(/^Version: .*$/m, `Version: ${version}`))
    if (change.broken !== undefined) {
      const program = join(folder, change.broken)
      await writeFile(program, '#!/bin/sh\necho "this build is broken" >&2\nexit 1\n')
      await chmod(program, 0o755)
    }
    const path = join(tmpdir(), `drover-rebuilt-${name}-${change.suffix}.deb`)
    await run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', folder, path])
    return { path, version }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Takes what former runs have rebuilt out of a pool that outlives them. */
export async function forgetRebuilt(
  pool: string,
  names: readonly string[],
  suffixes: readonly string[],
): Promise<void> {
  for (const name of names)
    for (const file of await filesOf(pool, name))
      if (suffixes.some(suffix => file.includes(`+${suffix}_`))) await rm(file)
}

async function newestIn(pool: string, name: string): Promise<string> {
  const found = (await filesOf(pool, name)).toSorted((left, right) =>
    right.localeCompare(left, 'en', { numeric: true }),
  )
  const [newest] = found
  if (newest === undefined) throw new Error(`the pool has no ${name}`)
  return newest
}

async function filesOf(pool: string, name: string): Promise<readonly string[]> {
  const initial = name.startsWith('lib') ? name.slice(0, 4) : name.slice(0, 1)
  const folder = join(pool, initial, name)
  return (await readdir(folder).catch(() => [])).map(file => join(folder, file))
}

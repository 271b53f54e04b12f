import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { HostPaths } from './lab-paths.ts'
import type { HostFile } from './model.ts'

/** Lays out files to be unpacked over a host's disk at its next boot. */
export async function writeSeed(paths: HostPaths, files: Readonly<Record<string, HostFile>>): Promise<void> {
  await rm(paths.seed, { recursive: true, force: true })
  await mkdir(paths.seed, { recursive: true, mode: 0o755 })
  for (const [path, file] of Object.entries(files)) {
    const target = join(paths.seed, inside(path))
    await mkdir(dirname(target), { recursive: true, mode: 0o755 })
    await writeFile(target, file.content, { mode: file.mode ?? 0o644 })
  }
}

/** Credentials go through files, because an argument list can be read by everybody. */
export async function writeCredentials(paths: HostPaths, credentials: Readonly<Record<string, string>>): Promise<void> {
  await rm(paths.credentials, { recursive: true, force: true })
  await mkdir(paths.credentials, { recursive: true, mode: 0o700 })
  for (const [name, content] of Object.entries(credentials)) {
    if (!/^[A-Za-z0-9_.-]{1,200}$/.test(name) || name.startsWith('.')) {
      throw new DroverError('invalid', `'${name}' is no name for a systemd credential`, {
        hint: 'use letters, digits, _ . and -',
      })
    }
    await writeFile(join(paths.credentials, name), content, { mode: 0o600 })
  }
}

function inside(path: string): string {
  if (path.startsWith('/') && normalize(path) === path && !path.endsWith('/')) return path
  throw new DroverError('invalid', `'${path}' is no absolute path of a file on a host`)
}

import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import type { AptSource } from '../../orchestrator/packages/apt-source.ts'
import { listPool, poolPath } from '../../orchestrator/packages/pool.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import type { TestFleet } from './fleet.ts'
import { localSource, sourceDirectory } from './local-source.ts'

const OS = 'debian13'
const MARK = '+rebuilt'

/** Debian's own package with something in it that is not as it should be. */
export interface Rebuilt {
  readonly name: string
  /** What the version to begin with starts with: `17.12`; default: any. */
  readonly of?: string
  readonly change: (tree: string) => Promise<void>
}

/** A signed source of rebuilt packages, each with a higher version than what it was made of. Those are taken from the fleet's own pool. */
export async function rebuiltPackages(
  fleet: TestFleet,
  request: { readonly lab: string; readonly folder: string; readonly packages: readonly Rebuilt[] },
): Promise<{ readonly source: AptSource; readonly versions: Readonly<Record<string, string>> }> {
  const { lab, folder, packages } = request
  const pool = join(labFleetPaths(lab, fleet.context).packages, 'public', OS)
  await mkdir(folder, { recursive: true })
  const versions: Record<string, string> = {}
  // Of a former run, with the same version and other bytes.
  for (const { filename, version } of await listPool(pool)) if (version.includes(MARK)) await rm(join(pool, filename))
  for (const { name, of = '', change } of packages) {
    const found = (await listPool(pool)).findLast(each => each.name === name && each.version.startsWith(of))
    if (found === undefined) throw new Error(`the pool has no ${name} ${of}`)
    const version = `${found.version}${MARK}1`
    await rebuild({
      deb: join(pool, found.filename),
      tree: join(folder, name),
      version,
      target: join(sourceDirectory(folder), poolPath({ ...found, version })),
      change,
    })
    versions[name] = version
  }
  return { source: await localSource(folder), versions }
}

async function rebuild(request: {
  readonly deb: string
  readonly tree: string
  readonly version: string
  readonly target: string
  readonly change: Rebuilt['change']
}): Promise<void> {
  const { deb, tree, version, target, change } = request
  await dpkgDeb('--raw-extract', deb, tree)
  const control = join(tree, 'DEBIAN/control')
  await writeFile(control, (await readFile(control, 'utf8')).replace(/^Version: .*$/m, `Version: ${version}`))
  await rm(join(tree, 'DEBIAN/md5sums'), { force: true })
  await change(tree)
  await mkdir(dirname(target), { recursive: true })
  await dpkgDeb('--root-owner-group', '-Zgzip', '-z1', '--build', tree, target)
}

async function dpkgDeb(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand({ argv: ['dpkg-deb', ...args] })
  if (exitCode !== 0) throw new Error(stderr)
}

/** The library is there, and is none. */
export async function breakLibrary(tree: string, path: string): Promise<void> {
  await writeFile(join(tree, path), 'no library\n')
}

/** As a member's server it ends without a word some seconds after it has started; tried out, it is as it should be. */
export async function crashLater(tree: string, seconds: number): Promise<void> {
  await wrapServer(tree, {
    before: `(setsid sh -c "sleep ${seconds}; kill -9 $$" </dev/null >/dev/null 2>&1 &)`,
    options: '',
  })
}

/** As a member's server it runs with these settings, whatever its configuration says; tried out, it is as it should be. */
export async function serveWith(tree: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  await wrapServer(tree, { before: ':', options: options.join(' ') })
}

async function wrapServer(
  tree: string,
  { before, options }: { readonly before: string; readonly options: string },
): Promise<void> {
  const programs = join(tree, 'usr/lib/postgresql/17/bin')
  await rename(join(programs, 'postgres'), join(programs, 'postgres-itself'))
  const text = `#!/bin/sh
case " $* " in
*' -D /var/lib/drover/pg/'*) ${before}; set -- "$@" ${options} ;;
esac
exec "$(dirname "$(readlink -f "$0")")/postgres-itself" "$@"
`
  await writeFile(join(programs, 'postgres'), text)
  await chmod(join(programs, 'postgres'), 0o755)
}

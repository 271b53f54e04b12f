import { DroverError } from '../../shared/domain/errors.ts'
import type { Manifest, PackageItem, PackageSource } from '../../shared/domain/manifest.ts'
import { isRuntimeId, RUNTIMES, type RuntimeItem } from '../../shared/domain/runtime.ts'
import type { ConvergeHost } from './converge-host.ts'
import type { ConvergeRun } from './converge-run.ts'
import { type Step, settle } from './step.ts'

/** Written when everything that it names is in its place. */
const CONTENT = 'packages.json'
const COPY_TIMEOUT_MS = 5 * 60_000

/**
 * Lays PostgreSQL versions out beside each other. A server that runs from a runtime never sees one of its files replaced: a new runtime
 * appears whole, by a rename, and to one that is there packages are only added.
 */
export async function settleRuntimes(manifest: Manifest, host: ConvergeHost, run: ConvergeRun): Promise<void> {
  for (const item of manifest.runtimes ?? [])
    await settle(runtimeStep(item, { host, source: manifest.packageSource, run }), run)
}

function runtimeStep(
  item: RuntimeItem,
  parts: { readonly host: ConvergeHost; readonly source: PackageSource | undefined; readonly run: ConvergeRun },
): Step {
  const { host, source, run } = parts
  const folder = `${RUNTIMES}/${item.id}`
  const partial = `${RUNTIMES}/.${item.id}.partial`
  return {
    kind: 'runtime',
    name: item.id,
    blocked: async () => (run.hasFailed('package-source') ? 'the package source could not be set up' : null),
    difference: async () => {
      const there = await contentOf(folder, host)
      if (there === null) return 'is not there'
      const missing = missingIn(there, item)
      return missing.length === 0 ? null : `lacks ${missing.map(({ name }) => name).join(', ')}`
    },
    change: async () => {
      if (source === undefined) throw new DroverError('invalid', 'the manifest names no package source')
      const there = await contentOf(folder, host)
      const packages = missingIn(there ?? [], item)
      run.progress(`unpacking ${packages.length} packages of runtime ${item.id}`)
      await host.files.mkdir({ path: RUNTIMES, mode: 0o755 })
      await host.files.remove({ path: partial, recursive: true })
      await host.files.mkdir({ path: partial, mode: 0o755 })
      await host.packages.unpack({ source, packages, into: partial, signal: run.signal })
      await linkControls(partial, item, host.files)
      if (there === null) {
        await writeContent(partial, packages)
        await host.files.rename({ from: partial, to: folder })
      } else {
        await addTo(folder)
        await writeContent(folder, [...there, ...packages])
        await host.files.remove({ path: partial, recursive: true })
      }
    },
  }

  async function addTo(existing: string): Promise<void> {
    const argv = ['cp', '--archive', '--no-clobber', `${partial}/.`, existing] as const
    const { code, stderr } = await host.exec({ argv, timeoutMs: COPY_TIMEOUT_MS, signal: run.signal })
    if (code !== 0) throw new DroverError('failed', `cp: ${stderr.trim().slice(0, 300)}`)
  }

  async function writeContent(path: string, packages: readonly PackageItem[]): Promise<void> {
    await host.files.writeAtomic({ path: `${path}/${CONTENT}`, content: JSON.stringify(packages), mode: 0o644 })
  }
}

const VERSIONED_CONTROL = /^(?<name>[a-z_]+)-(?<version>\d+(?:\.\d+)?)\.control$/

/**
 * An extension that Debian has in several versions side by side is made known when its package is configured, by `update-alternatives`:
 * `postgis.control` leads to `postgis-3.control`. Nobody configures a runtime.
 */
async function linkControls(
  prefix: string,
  { postgresVersion }: RuntimeItem,
  files: ConvergeHost['files'],
): Promise<void> {
  const folder = `${prefix}/usr/share/postgresql/${postgresVersion}/extension`
  const there = new Set((await files.list(folder)) ?? [])
  for (const control of there) {
    const { name } = VERSIONED_CONTROL.exec(control)?.groups ?? {}
    if (name === undefined || there.has(`${name}.control`)) continue
    await files.symlink({ path: `${folder}/${name}.control`, target: control })
  }
}

/** Removes what no item asks for, unless a process still runs from it: then it goes with a later converge. */
export async function collectRuntimes(manifest: Manifest, host: ConvergeHost, run: ConvergeRun): Promise<void> {
  const kept = new Set(manifest.runtimes?.map(({ id }) => id))
  const unwanted = ((await host.files.list(RUNTIMES)) ?? []).filter(name => isOurs(name) && !kept.has(name))
  if (unwanted.length === 0) return
  const inUse = await runtimesInUse(host)
  for (const name of unwanted.filter(each => !inUse.has(each)))
    await settle(
      {
        kind: 'runtime',
        name,
        difference: async () => 'is not needed any more',
        change: async () => void (await host.files.remove({ path: `${RUNTIMES}/${name}`, recursive: true })),
      },
      run,
    )
}

/** One that is half unpacked counts, too. */
function isOurs(name: string): boolean {
  return isRuntimeId(name.replace(/^\./, '').replace(/\.partial$/, ''))
}

async function runtimesInUse({ files }: Pick<ConvergeHost, 'files'>): Promise<ReadonlySet<string>> {
  const processes = ((await files.list('/proc')) ?? []).filter(name => /^\d+$/.test(name))
  const programs = await Promise.all(processes.map(pid => files.readlink(`/proc/${pid}/exe`).catch(() => null)))
  const prefix = `${RUNTIMES}/`
  return new Set(
    programs.flatMap(program =>
      program?.startsWith(prefix) === true ? [program.slice(prefix.length).split('/')[0] ?? ''] : [],
    ),
  )
}

/** Null: there is no such runtime, or not all of it. */
async function contentOf(
  folder: string,
  { files }: Pick<ConvergeHost, 'files'>,
): Promise<readonly PackageItem[] | null> {
  const text = await files.readText(`${folder}/${CONTENT}`)
  return text === null ? null : (JSON.parse(text) as readonly PackageItem[])
}

/** Throws `conflict` when a package is there in another version: what a runtime is may not change. */
function missingIn(there: readonly PackageItem[], { id, packages }: RuntimeItem): readonly PackageItem[] {
  const versions = new Map(there.map(({ name, version }) => [name, version]))
  const other = packages.find(({ name, version }) => (versions.get(name) ?? version) !== version)
  if (other !== undefined)
    throw new DroverError(
      'conflict',
      `runtime ${id} has ${other.name} ${versions.get(other.name)}, which is not replaced by ${other.version}`,
      { retryable: false },
    )
  return packages.filter(({ name }) => !versions.has(name))
}

import type { Manifest, PackageItem } from '../../shared/domain/manifest.ts'
import type { ConvergeHost } from './converge-host.ts'
import type { ConvergeRun } from './converge-run.ts'
import { failureText, settle } from './step.ts'

/** The files that make the fleet's repository known to apt. */
export async function settlePackageSource(manifest: Manifest, host: ConvergeHost, run: ConvergeRun): Promise<void> {
  const source = manifest.packageSource
  if (source === undefined) return
  const wanted = host.packages.sourceFiles(source)
  const differing = async () => {
    const contents = await Promise.all(wanted.map(({ path }) => host.files.readText(path)))
    return wanted.filter((file, index) => contents[index] !== file.content)
  }
  await settle(
    {
      kind: 'package-source',
      name: source.url,
      difference: async () => {
        const files = await differing()
        return files.length === 0 ? null : `${files.map(({ path }) => path).join(' and ')} differ`
      },
      change: async () => {
        await host.files.mkdir({ path: '/etc/drover/apt', mode: 0o755 })
        for (const file of await differing()) await host.files.writeAtomic({ ...file, mode: 0o644 })
      },
    },
    run,
  )
}

/** All packages in one transaction: either every item comes in at its version, or all that were missing fail with the same reason. */
export async function settlePackages(manifest: Manifest, host: ConvergeHost, run: ConvergeRun): Promise<void> {
  if (manifest.packages.length === 0) return
  const before = await host.packages.status()
  const missing = manifest.packages.filter(item => before.installed.get(item.name) !== item.version)
  const present = manifest.packages.filter(item => before.installed.get(item.name) === item.version)
  for (const { name } of present) run.record({ kind: 'package', name, status: 'ok' })
  if (missing.length === 0) return

  const all = (status: 'would-change' | 'failed' | 'skipped', detail: (item: PackageItem) => string) => {
    for (const item of missing) run.record({ kind: 'package', name: item.name, status, detail: detail(item) })
  }
  const difference = ({ name, version }: PackageItem) => `is ${before.installed.get(name) ?? 'absent'}, not ${version}`
  if (run.dryRun) return all('would-change', difference)
  if (manifest.packageSource === undefined) return all('failed', () => 'the manifest names no package source')
  if (run.hasFailed('package-source')) return all('skipped', () => 'the package source could not be set up')

  const early = manifest.files.find(file => file.beforePackages === true && run.hasFailed('file', file.path))
  if (early !== undefined) return all('skipped', () => `${early.path} has to be there first`)

  run.progress(`installing ${missing.length} packages`)
  try {
    await host.packages.install({ source: manifest.packageSource, packages: missing, signal: run.signal })
  } catch (error) {
    run.signal.throwIfAborted()
    return all('failed', () => failureText(error))
  }
  const after = await host.packages.status()
  for (const item of missing) {
    const version = after.installed.get(item.name)
    const isRight = version === item.version
    const detail = isRight ? difference(item) : `is ${version ?? 'absent'} after the installation, not ${item.version}`
    run.record({ kind: 'package', name: item.name, status: isRight ? 'changed' : 'failed', detail })
  }
}

import type { PackageItem, PackageSource } from '../../shared/domain/manifest.ts'
import { explainAptFailure } from './apt-failure.ts'
import { APT_CACHE, aptOptions, QUIET_APT, sourceFiles } from './apt-options.ts'
import { createDpkgStatusReader, type DpkgStatus } from './dpkg-status.ts'
import type { HostFiles } from './files-types.ts'
import type { Exec } from './host.ts'
import { createServiceStartGuard } from './service-start-guard.ts'

/** Packages of the machine. The fleet's source is the only one apt ever sees here; the machine's own apt configuration is left alone. */
export interface HostPackages {
  status(): Promise<DpkgStatus>
  /** The files that make the source known to apt, as they ought to be. */
  sourceFiles(source: PackageSource): readonly { readonly path: string; readonly content: string }[]
  /** Brings all of them in in one transaction at exactly these versions. Services do not start by it. */
  install(request: InstallRequest): Promise<void>
  /** Fetches them at exactly these versions, verified as for an installation, and lays out what is in them below the folder; nothing of it is installed. */
  unpack(request: UnpackRequest): Promise<void>
  /** Undoes what a killed installation may have left: services that may not start. */
  recover(): Promise<void>
}

export interface InstallRequest {
  readonly source: PackageSource
  readonly packages: readonly PackageItem[]
  readonly signal: AbortSignal
}

export interface UnpackRequest extends InstallRequest {
  readonly into: string
}

const UPDATE_TIMEOUT_MS = 3 * 60_000
const INSTALL_TIMEOUT_MS = 15 * 60_000
const UNPACK_TIMEOUT_MS = 5 * 60_000
/** dpkg may be in the middle of a maintainer script. */
const KILL_GRACE_MS = 20_000

export function createPackages({ files, exec }: { readonly files: HostFiles; readonly exec: Exec }): HostPackages {
  const status = createDpkgStatusReader(files)
  const guard = createServiceStartGuard(files)

  async function run(
    argv: readonly [string, ...string[]],
    options: { timeoutMs: number; signal: AbortSignal; cwd?: string },
  ) {
    const result = await exec({
      argv,
      env: QUIET_APT,
      ...options,
      killGraceMs: KILL_GRACE_MS,
      maxOutputBytes: 64 * 1024,
    })
    if (result.code !== 0) throw explainAptFailure(argv, `${result.stdout}\n${result.stderr}`)
  }

  async function finishInterruptedRun(signal: AbortSignal): Promise<void> {
    if ((await status()).unfinished.length === 0) return
    const argv = ['dpkg', '--configure', '-a', '--force-confdef', '--force-confold'] as const
    await run(argv, { timeoutMs: INSTALL_TIMEOUT_MS, signal })
  }

  async function makeCache(): Promise<void> {
    await files.mkdir({ path: APT_CACHE, mode: 0o755 })
    for (const name of ['lists', 'archives']) {
      await files.mkdir({ path: `${APT_CACHE}/${name}`, mode: 0o755 })
      await files.mkdir({ path: `${APT_CACHE}/${name}/partial`, mode: 0o755 })
    }
  }

  return {
    status,
    sourceFiles,
    recover: () => guard.lift(),
    install: async ({ source, packages, signal }) => {
      await makeCache()
      await guard.impose()
      try {
        await finishInterruptedRun(signal)
        const options = aptOptions(source)
        await run(['apt-get', ...options, 'update'], { timeoutMs: UPDATE_TIMEOUT_MS, signal })
        const pinned = packages.map(({ name, version }) => `${name}=${version}`)
        await run(['apt-get', ...options, 'install', ...INSTALL_FLAGS, '--', ...pinned], {
          timeoutMs: INSTALL_TIMEOUT_MS,
          signal,
        })
      } finally {
        await guard.lift()
      }
      await files.remove({ path: `${APT_CACHE}/archives`, recursive: true })
    },
    unpack: async ({ source, packages, into, signal }) => {
      const downloads = `${APT_CACHE}/downloads`
      await makeCache()
      await files.remove({ path: downloads, recursive: true })
      await files.mkdir({ path: downloads, mode: 0o755 })
      const options = aptOptions(source)
      await run(['apt-get', ...options, 'update'], { timeoutMs: UPDATE_TIMEOUT_MS, signal })
      const pinned = packages.map(({ name, version }) => `${name}=${version}`)
      await run(['apt-get', ...options, 'download', '--', ...pinned], {
        timeoutMs: INSTALL_TIMEOUT_MS,
        cwd: downloads,
        signal,
      })
      const archives = ((await files.list(downloads)) ?? []).filter(name => name.endsWith('.deb'))
      for (const name of archives)
        await run(['dpkg-deb', '--extract', `${downloads}/${name}`, into], { timeoutMs: UNPACK_TIMEOUT_MS, signal })
      await run(['sync', '--file-system', into], { timeoutMs: UNPACK_TIMEOUT_MS, signal })
      await files.remove({ path: downloads, recursive: true })
    },
  }
}

/** `--no-remove`: a transaction that wants to take a package away fails instead; nothing of a manifest asks for a removal. */
const INSTALL_FLAGS = [
  '-y',
  '--no-install-recommends',
  '--no-remove',
  '--allow-downgrades',
  '--allow-change-held-packages',
]

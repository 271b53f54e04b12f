import type { PackageItem, PackageSource } from '../../shared/domain/manifest.ts'
import { explainAptFailure } from './apt-failure.ts'
import { APT_CACHE, aptOptions, QUIET_APT, sourceFiles } from './apt-options.ts'
import { KEEP_INSTALLED, parseTransaction, refusedRemoval } from './apt-transaction.ts'
import { createDpkgStatusReader, type DpkgStatus } from './dpkg-status.ts'
import type { HostFiles } from './files-types.ts'
import type { Exec } from './host.ts'
import { createServiceStartGuard } from './service-start-guard.ts'

/** Packages of the machine. The fleet's source is the only one apt ever sees here; the machine's own apt configuration is left alone. */
export interface HostPackages {
  status(): Promise<DpkgStatus>
  /** The files that make the source known to apt, as they ought to be. */
  sourceFiles(source: PackageSource): readonly { readonly path: string; readonly content: string }[]
  /**
   * Brings all of them in in one transaction at exactly these versions. What else is installed keeps its version where apt can do with it.
   * Services do not start by it. Errors: `conflict` before anything changed when an installed package would have to go.
   */
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
const SIMULATE_TIMEOUT_MS = 60_000
const INSTALL_TIMEOUT_MS = 15 * 60_000
const UNPACK_TIMEOUT_MS = 5 * 60_000
const KEEP_FILE = `${APT_CACHE}/keep-installed`
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
    await files.writeAtomic({ path: KEEP_FILE, content: KEEP_INSTALLED, mode: 0o644 })
    for (const name of ['lists', 'archives']) {
      await files.mkdir({ path: `${APT_CACHE}/${name}`, mode: 0o755 })
      await files.mkdir({ path: `${APT_CACHE}/${name}/partial`, mode: 0o755 })
    }
  }

  /** The options with which apt leaves the rest of the machine alone, as far as it can. */
  async function leastChange(
    options: readonly string[],
    install: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const keeping = [...options, '-o', `Dir::Etc::preferences=${KEEP_FILE}`]
    const simulate = async (given: readonly string[]) => {
      const argv = ['apt-get', ...given, '--simulate', ...install] as const
      const { code, stdout, stderr } = await exec({ argv, env: QUIET_APT, timeoutMs: SIMULATE_TIMEOUT_MS, signal })
      return { isPossible: code === 0, transaction: parseTransaction(stdout), argv, output: `${stdout}\n${stderr}` }
    }
    const least = await simulate(keeping)
    if (least.isPossible && least.transaction.removed.length === 0) return keeping
    const { isPossible, transaction, argv, output } = await simulate(options)
    if (!isPossible) throw explainAptFailure(argv, output)
    if (transaction.removed.length > 0) throw refusedRemoval(transaction)
    return options
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
        const install = ['install', ...INSTALL_FLAGS, '--', ...pinned]
        const least = await leastChange(options, install, signal)
        await run(['apt-get', ...least, '--no-remove', ...install], { timeoutMs: INSTALL_TIMEOUT_MS, signal })
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

const INSTALL_FLAGS = ['-y', '--no-install-recommends', '--allow-downgrades', '--allow-change-held-packages']

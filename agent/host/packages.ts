import { DroverError } from '../../shared/domain/errors.ts'
import type { PackageItem, PackageSource } from '../../shared/domain/manifest.ts'
import { explainAptFailure } from './apt-failure.ts'
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
  /** Undoes what a killed installation may have left: services that may not start. */
  recover(): Promise<void>
}

export interface InstallRequest {
  readonly source: PackageSource
  readonly packages: readonly PackageItem[]
  readonly signal: AbortSignal
}

const CONFIG_DIRECTORY = '/etc/drover/apt'
const SOURCE_FILE = `${CONFIG_DIRECTORY}/drover.sources`
const KEY_FILE = `${CONFIG_DIRECTORY}/drover.asc`
/** Readable by apt's own unprivileged user, which downloads. */
const CACHE_DIRECTORY = '/var/cache/drover-agent'
const UPDATE_TIMEOUT_MS = 3 * 60_000
const INSTALL_TIMEOUT_MS = 15 * 60_000
const LOCK_WAIT_SECONDS = 120
/** dpkg may be in the middle of a maintainer script. */
const KILL_GRACE_MS = 20_000

export function createPackages({ files, exec }: { readonly files: HostFiles; readonly exec: Exec }): HostPackages {
  const status = createDpkgStatusReader(files)
  const guard = createServiceStartGuard(files)

  async function run(argv: readonly [string, ...string[]], options: { timeoutMs: number; signal: AbortSignal }) {
    const result = await exec({ argv, env: QUIET, ...options, killGraceMs: KILL_GRACE_MS, maxOutputBytes: 64 * 1024 })
    if (result.code !== 0) throw explainAptFailure(argv, `${result.stdout}\n${result.stderr}`)
  }

  async function finishInterruptedRun(signal: AbortSignal): Promise<void> {
    if ((await status()).unfinished.length === 0) return
    const argv = ['dpkg', '--configure', '-a', '--force-confdef', '--force-confold'] as const
    await run(argv, { timeoutMs: INSTALL_TIMEOUT_MS, signal })
  }

  return {
    status,
    sourceFiles: source => [
      { path: KEY_FILE, content: withNewline(source.key) },
      { path: SOURCE_FILE, content: sourceParagraph(source) },
    ],
    recover: () => guard.lift(),
    install: async ({ source, packages, signal }) => {
      await files.mkdir({ path: CACHE_DIRECTORY, mode: 0o755 })
      for (const name of ['lists', 'archives']) {
        await files.mkdir({ path: `${CACHE_DIRECTORY}/${name}`, mode: 0o755 })
        await files.mkdir({ path: `${CACHE_DIRECTORY}/${name}/partial`, mode: 0o755 })
      }
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
      await files.remove({ path: `${CACHE_DIRECTORY}/archives`, recursive: true })
    },
  }
}

const QUIET = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBIAN_PRIORITY: 'critical',
  APT_LISTCHANGES_FRONTEND: 'none',
  APT_LISTBUGS_FRONTEND: 'none',
  NEEDRESTART_SUSPEND: '1',
}

/** `--no-remove`: a transaction that wants to take a package away fails instead; nothing of a manifest asks for a removal. */
const INSTALL_FLAGS = [
  '-y',
  '--no-install-recommends',
  '--no-remove',
  '--allow-downgrades',
  '--allow-change-held-packages',
]

function aptOptions(source: PackageSource): readonly string[] {
  const settings = [
    `Dir::Etc::sourcelist=${SOURCE_FILE}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    `Dir::State::lists=${CACHE_DIRECTORY}/lists`,
    `Dir::Cache::archives=${CACHE_DIRECTORY}/archives`,
    `Dir::Cache::pkgcache=${CACHE_DIRECTORY}/pkgcache.bin`,
    `Dir::Cache::srcpkgcache=`,
    `DPkg::Lock::Timeout=${LOCK_WAIT_SECONDS}`,
    'DPkg::Options::=--force-confdef',
    'DPkg::Options::=--force-confold',
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'Acquire::http::Timeout=20',
    'APT::Get::List-Cleanup=true',
    `Acquire::http::Proxy::${hostOf(source.url)}=DIRECT`,
  ]
  return ['-q', ...settings.flatMap(setting => ['-o', setting])]
}

function sourceParagraph(source: PackageSource): string {
  return `# Written by drover-agent; read by nothing else.
Types: deb
URIs: ${source.url}
Suites: ${source.suite}
${source.suite.endsWith('/') ? '' : 'Components: main\n'}Signed-By: ${KEY_FILE}
`
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname
  } catch (error) {
    throw new DroverError('invalid', `the package source's address is not a URL: ${url}`, { cause: error })
  }
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

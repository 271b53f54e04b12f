import { DroverError } from '../../shared/domain/errors.ts'
import type { PackageSource } from '../../shared/domain/manifest.ts'

const CONFIG_DIRECTORY = '/etc/drover/apt'
const SOURCE_FILE = `${CONFIG_DIRECTORY}/drover.sources`
const KEY_FILE = `${CONFIG_DIRECTORY}/drover.asc`
/** Readable by apt's own unprivileged user, which downloads. */
export const APT_CACHE = '/var/cache/drover-agent'
const LOCK_WAIT_SECONDS = 120

/** Keeps apt, and whatever it runs, from asking anybody anything. */
export const QUIET_APT = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBIAN_PRIORITY: 'critical',
  APT_LISTCHANGES_FRONTEND: 'none',
  APT_LISTBUGS_FRONTEND: 'none',
  NEEDRESTART_SUSPEND: '1',
}

/** For every call of apt: the fleet's source is the only one, and the machine's own configuration is left alone. */
export function aptOptions(source: PackageSource): readonly string[] {
  const settings = [
    `Dir::Etc::sourcelist=${SOURCE_FILE}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    `Dir::State::lists=${APT_CACHE}/lists`,
    `Dir::Cache::archives=${APT_CACHE}/archives`,
    `Dir::Cache::pkgcache=${APT_CACHE}/pkgcache.bin`,
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

/** The files that make the source known to apt, as they ought to be. */
export function sourceFiles(source: PackageSource): readonly { readonly path: string; readonly content: string }[] {
  return [
    { path: KEY_FILE, content: withNewline(source.key) },
    { path: SOURCE_FILE, content: sourceParagraph(source) },
  ]
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

import { type OsName, suites } from './model.ts'

/** One Debian archive this machine's apt is set up to use. */
export interface PackageSource {
  /** `Debian` or `Debian-Security`. */
  readonly label: string
  /** `bookworm`, `bookworm-updates`, `bookworm-security`. */
  readonly codename: string
  readonly uri: string
}

/** What to ask of apt, whose own parser knows every form of its configuration. */
export const sourcesCommand: readonly string[] = [
  'apt-get',
  'indextargets',
  '--format',
  '$(ORIGIN)|$(LABEL)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)',
  'Created-By: Packages',
]

/** Debian's own archives, not third parties', from the answer to `sourcesCommand`. */
export function debianSources(answer: string): readonly PackageSource[] {
  return answer
    .split('\n')
    .map(line => line.split('|'))
    .filter(([origin, , , component]) => origin === 'Debian' && component === 'main')
    .map(([, label = '', codename = '', , uri = '']) => ({ label, codename, uri: uri.replace(/\/+$/, '') }))
    .filter(source => /^(https?|file):/.test(source.uri))
}

/** The main archive to bootstrap from; the same mirror carries every release. */
export function mainArchive(sources: readonly PackageSource[]): string | undefined {
  return sources.find(source => source.label === 'Debian')?.uri
}

/** An apt sources file that gives another release what this machine has of its own: main, updates, security. */
export function sourcesList(sources: readonly PackageSource[], os: OsName): string {
  const lines = sources.map(({ codename, uri }) => {
    const pocket = /-(updates|security)$/.exec(codename)?.[0] ?? ''
    return `deb ${uri} ${suites[os]}${pocket} main\n`
  })
  return [...new Set(lines)].join('')
}

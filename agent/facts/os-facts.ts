import { type Fact, factOr, known, type NodeFacts, type PackageFact, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { createFactReader, firstKnown } from './fact-reader.ts'

type OsFacts = Pick<NodeFacts, 'hostname' | 'machineId' | 'os' | 'kernel' | 'architecture' | 'glibc' | 'icu'>

/** Names and versions of the operating system and of the two libraries that decide how text sorts. */
export async function osFacts(options: {
  readonly host: Pick<Host, 'files' | 'exec'>
  readonly packages: readonly PackageFact[]
  readonly signal: AbortSignal
}): Promise<OsFacts> {
  const { host, packages, signal } = options
  const reader = createFactReader(host.files)
  const release = (field: string) =>
    firstKnown(
      () => reader.parsed('/etc/os-release', text => releaseField(text, field)),
      () => reader.parsed('/usr/lib/os-release', text => releaseField(text, field)),
    )
  return {
    hostname: factOr(
      await reader.text('/proc/sys/kernel/hostname'),
      factOr(await reader.text('/etc/hostname'), 'localhost'),
    ),
    machineId: await reader.parsed('/etc/machine-id', text => /^[0-9a-f]{32}$/.exec(text)?.[0]),
    os: {
      id: await release('ID'),
      versionId: await release('VERSION_ID'),
      codename: await release('VERSION_CODENAME'),
      name: await release('PRETTY_NAME'),
    },
    kernel: await reader.text('/proc/sys/kernel/osrelease'),
    architecture: await firstKnown(
      () => reader.parsed('/proc/sys/kernel/arch', architectureOf),
      () => architectureFromPackages(packages),
    ),
    glibc: await firstKnown(
      () => libraryVersion(packages, { name: /^libc6$/, what: 'libc6' }),
      () => glibcFromLdd(host, signal),
    ),
    icu: libraryVersion(packages, { name: /^libicu\d+$/, what: 'libicu' }),
  }
}

/** `KEY=value` or `KEY="value"`, see os-release(5). */
function releaseField(text: string, field: string): string | undefined {
  const match = new RegExp(`^${field}=(?:"([^"]*)"|'([^']*)'|(\\S*))$`, 'm').exec(text)
  const value = match?.[1] ?? match?.[2] ?? match?.[3]
  return value === '' ? undefined : value
}

function architectureOf(machine: string): 'amd64' | 'arm64' | undefined {
  if (machine === 'x86_64' || machine === 'amd64') return 'amd64'
  return machine === 'aarch64' || machine === 'arm64' ? 'arm64' : undefined
}

/** For kernels before 6.1, which do not tell their machine in procfs. */
function architectureFromPackages(packages: readonly PackageFact[]): Fact<'amd64' | 'arm64'> {
  const libc = packages.find(({ name }) => name === 'libc6')
  const architecture = libc === undefined ? undefined : architectureOf(libc.architecture)
  return architecture === undefined ? unknown('no libc6 package tells it') : known(architecture, DPKG_STATUS)
}

export const DPKG_STATUS = '/var/lib/dpkg/status'

/** The upstream version (`2.36` of `2.36-9+deb12u14`), because sort order follows it; of several packages the newest. */
function libraryVersion(
  packages: readonly PackageFact[],
  library: { readonly name: RegExp; readonly what: string },
): Fact<string> {
  const found = packages.filter(({ name }) => library.name.test(name))
  const newest = found.toSorted((a, b) => major(b.version) - major(a.version))[0]
  if (newest === undefined) return unknown(`no ${library.what} package is installed`)
  const upstream = /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(newest.version)?.[1] ?? newest.version
  return known(upstream, `${DPKG_STATUS}: ${newest.name} ${newest.version}`)
}

function major(version: string): number {
  return Number(/^(?:\d+:)?(\d+)/.exec(version)?.[1] ?? 0)
}

/** `ldd (GNU libc) 2.34`: for hosts without dpkg. */
async function glibcFromLdd(host: Pick<Host, 'exec'>, signal: AbortSignal): Promise<Fact<string>> {
  try {
    const { code, stdout } = await host.exec({ argv: ['ldd', '--version'], timeoutMs: 5_000, signal })
    const version = code === 0 ? /^ldd \(.*\) (\d+\.\d+)/.exec(stdout)?.[1] : undefined
    return version === undefined ? unknown('ldd --version does not tell it') : known(version, 'ldd --version')
  } catch {
    signal.throwIfAborted()
    return unknown('ldd cannot be run')
  }
}

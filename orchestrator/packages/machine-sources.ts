import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { AptSource, PackageSources, ParsedSource } from './apt-source.ts'
import { parseListFile, parseSourcesFile } from './apt-source.ts'
import { DEBIAN_CODENAMES, SUPPORTED_OS } from './host-os.ts'
import type { RunCommand } from './run-command.ts'

const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * The default sources: the mirrors this machine itself uses, with the suites of each supported host OS.
 * Throws `invalid` when the machine's apt configuration names no Debian mirror.
 */
export async function machineSources({
  run,
  aptDirectory = '/etc/apt',
}: {
  run: RunCommand
  aptDirectory?: string
}): Promise<PackageSources> {
  const byOs = deriveSources(await readMachineSources(aptDirectory))
  const dump = await run({ argv: ['apt-config', 'dump'] })
  return { byOs, aptOptions: networkOptions(dump.stdout) }
}

/** Pure: replaces the machine's suites by those of each supported OS. Only the component `main` is taken. */
export function deriveSources(entries: readonly ParsedSource[]): PackageSources['byOs'] {
  const debian = entries.filter(
    entry => entry.components.includes('main') && entry.suites.some(suite => pocketOf(suite) !== undefined),
  )
  const sources = Object.entries(SUPPORTED_OS).map(
    ([os, { codename }]) => [os, debian.flatMap(entry => forCodename(entry, codename))] as const,
  )
  if (debian.every(entry => !entry.suites.some(suite => pocketOf(suite) === ''))) {
    throw new DroverError(
      'invalid',
      'the apt configuration of this machine names no Debian mirror with the component main',
      {
        hint: 'name the package sources of each host OS in the orchestrator configuration',
      },
    )
  }
  return Object.fromEntries(sources)
}

function forCodename(entry: ParsedSource, codename: string): readonly AptSource[] {
  const pockets = [...new Set(entry.suites.map(pocketOf).filter(pocket => pocket !== undefined))]
  if (pockets.length === 0) return []
  return [
    {
      ...entry,
      suites: pockets.map(pocket => `${codename}${pocket}`),
      components: ['main'],
      signedBy: entry.signedBy ?? DEBIAN_KEYRING,
    },
  ]
}

/** `bookworm-security` → `-security`; undefined for anything that is not a Debian suite hosts should follow. */
function pocketOf(suite: string): '' | '-updates' | '-security' | undefined {
  const match = /^([a-z]+)(-updates|-security|\/updates)?$/.exec(suite)
  if (match === null || !DEBIAN_CODENAMES.has(match[1] ?? '')) return undefined
  if (match[2] === undefined) return ''
  return match[2] === '-updates' ? '-updates' : '-security'
}

async function readMachineSources(directory: string): Promise<readonly ParsedSource[]> {
  const parts = join(directory, 'sources.list.d')
  const names = (await readdir(parts).catch((): string[] => [])).sort()
  const files = [join(directory, 'sources.list'), ...names.map(name => join(parts, name))]
  const parsed = await Promise.all(
    files.map(async file => {
      if (file.endsWith('.list')) return parseListFile(await readFile(file, 'utf8').catch(() => ''))
      return file.endsWith('.sources') ? parseSourcesFile(await readFile(file, 'utf8').catch(() => '')) : []
    }),
  )
  return parsed.flat()
}

/** The lines of `apt-config dump` without which the machine's mirrors may be out of reach: proxies, TLS, validity dates, credentials. */
export function networkOptions(dump: string): readonly string[] {
  const wanted = dump
    .split('\n')
    .filter(line => /^Acquire::(https?(::|\s)|Check-Valid-Until\s|Check-Date\s|ForceIPv[46]\s)/i.test(line))
  return [...wanted, 'Dir::Etc::netrc "/etc/apt/auth.conf";', 'Dir::Etc::netrcparts "/etc/apt/auth.conf.d";']
}

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AptSource } from './apt-source.ts'
import { renderSources } from './apt-source.ts'
import type { Command } from './run-command.ts'

/** Folders and settings that make plain apt work for another host's OS without touching this machine's own apt. */
export interface AptWorkspace {
  readonly directory: string
  readonly architecture: string
  /** Put before commands that use the network, e.g. `nsenter --net=/proc/1/ns/net --`. */
  readonly commandPrefix: readonly string[]
}

export function configFile(workspace: AptWorkspace): string {
  return join(workspace.directory, 'apt.conf')
}

export function archivesDirectory(workspace: AptWorkspace): string {
  return join(workspace.directory, 'cache/archives')
}

export function emptyStatus(workspace: AptWorkspace): string {
  return join(workspace.directory, 'state/status')
}

/** Written after each successful update; its age is the age of the lists, its text the sources they are of. */
export function listsStamp(workspace: AptWorkspace): string {
  return join(workspace.directory, 'state/lists-fetched')
}

/** Writes the folders and files. Sources and settings may hold credentials, so only the owner reads them. */
export async function prepareWorkspace(
  workspace: AptWorkspace,
  { sources, aptOptions }: { sources: readonly AptSource[]; aptOptions: readonly string[] },
): Promise<void> {
  const folders = [
    'etc/sources.list.d',
    'etc/preferences.d',
    'etc/apt.conf.d',
    'etc/trusted.gpg.d',
    'state/lists/partial',
    'cache/archives/partial',
    'cache/empty/partial',
    'log',
  ]
  for (const folder of folders) await mkdir(join(workspace.directory, folder), { recursive: true, mode: 0o700 })
  await writeFile(join(workspace.directory, 'etc/sources.list.d/fleet.sources'), renderSources(sources), {
    mode: 0o600,
  })
  await writeFile(configFile(workspace), renderConfig(workspace, aptOptions), { mode: 0o600 })
  await writeFile(emptyStatus(workspace), '')
}

/**
 * `APT_CONFIG` is read before everything else, so `Dir::Etc` here keeps the machine's own apt.conf.d (hooks included)
 * out. Downloads run as the caller's user: the state folder is private, so apt's `_apt` user could not write there.
 */
export function renderConfig(workspace: AptWorkspace, aptOptions: readonly string[]): string {
  const { directory, architecture } = workspace
  return [
    'Acquire::Retries "3";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    ...aptOptions,
    `Dir "${directory}/";`,
    `Dir::Etc "${directory}/etc/";`,
    `Dir::State "${directory}/state/";`,
    `Dir::State::status "${emptyStatus(workspace)}";`,
    `Dir::Cache "${directory}/cache/";`,
    `Dir::Log "${directory}/log/";`,
    `APT::Architecture "${architecture}";`,
    `APT::Architectures { "${architecture}"; };`,
    'APT::Install-Recommends "false";',
    'APT::Install-Suggests "false";',
    'APT::Sandbox::User "root";',
    'APT::Color "false";',
    'Acquire::Languages "none";',
    'Acquire::GzipIndexes "false";',
    'Acquire::ForceHash "SHA256";',
    'Acquire::IndexTargets::deb::DEP-11 { DefaultEnabled "false"; };',
    '',
  ].join('\n')
}

export function updateLists(workspace: AptWorkspace): Command {
  // Without Error-Mode=any, apt-get update reports success while a source could not be reached.
  return apt(workspace, {
    tool: 'apt-get',
    args: ['-qq', '-o', 'APT::Update::Error-Mode=any', 'update'],
    network: true,
  })
}

export function madison(workspace: AptWorkspace, names: readonly string[]): Command {
  return apt(workspace, { tool: 'apt-cache', args: ['madison', '--', ...names] })
}

export function packageNames(workspace: AptWorkspace): Command {
  return apt(workspace, { tool: 'apt-cache', args: ['pkgnames'] })
}

export function showRecords(workspace: AptWorkspace, names: readonly string[]): Command {
  return apt(workspace, { tool: 'apt-cache', args: ['show', '--', ...names] })
}

/** Says what installing would fetch, were `status` the hosts' dpkg status file. */
export function resolveInstall(
  workspace: AptWorkspace,
  { status, packages }: { status: string; packages: readonly string[] },
): Command {
  // One q: with two, apt keeps to itself why packages do not fit together.
  // An empty archive folder: apt does not print what it finds there, an interrupted download's files for instance.
  const options = [
    '-q',
    '-o',
    `Dir::Cache::archives=${join(workspace.directory, 'cache/empty')}`,
    '--assume-yes',
    '-o',
    `Dir::State::status=${status}`,
  ]
  return apt(workspace, {
    tool: 'apt-get',
    args: [...options, 'install', '--no-remove', '--print-uris', '--', ...packages],
  })
}

/** Fetches exactly these (`name=version`) into the archive folder, and verifies them against the signed lists. */
export function downloadPackages(workspace: AptWorkspace, packages: readonly string[]): Command {
  const args = ['-qq', '-o', 'APT::Status-Fd=3', 'download', '--', ...packages]
  return { ...apt(workspace, { tool: 'apt-get', args, network: true }), cwd: archivesDirectory(workspace) }
}

/** `--pdeathsig` ends a download with the orchestrator that wanted it; otherwise apt's lock would outlive a `kill -9`. */
function apt(
  workspace: AptWorkspace,
  { tool, args, network = false }: { tool: string; args: readonly string[]; network?: boolean },
): Command {
  const environment = ['env', `APT_CONFIG=${configFile(workspace)}`, 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive']
  const [first, ...rest] = [
    ...(network ? workspace.commandPrefix : []),
    'setpriv',
    '--pdeathsig',
    'TERM',
    '--',
    ...environment,
    tool,
    ...args,
  ]
  return { argv: [first ?? tool, ...rest] }
}

import { AGENT_PACKAGE } from '../../shared/domain/agent-upgrade.ts'
import type { Command, CommandArgs } from '../../shared/domain/command.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import { leftoverObjection } from '../converge/leftover-step.ts'

/**
 * What the owner of this machine lets the fleet do here. Each list that is present narrows; an absent list allows everything. The remote
 * side has no way to change it.
 */
export interface CapabilityPolicy {
  readonly kinds?: readonly string[]
  /** Path prefixes of files, directories and certificates: `/etc/drover/` allows everything below. */
  readonly paths?: readonly string[]
  /** Unit names; a trailing `*` stands for any ending. */
  readonly units?: readonly string[]
  /** Package names; a trailing `*` stands for any ending. */
  readonly packages?: readonly string[]
}

/** What no manifest may touch, whatever the policy says: it would let the remote side widen its own rights. */
const UNTOUCHABLE = [
  '/etc/drover/policy.json',
  '/etc/drover/agent.conf',
  '/etc/drover/join-token',
  '/etc/drover/apt',
  '/var/lib/drover-agent',
  '/usr/lib/drover-agent',
  '/etc/systemd/system/drover-agent.service',
  '/etc/systemd/system/drover-agent.service.d',
  '/etc/systemd/system/drover-agent-return.service',
  '/etc/systemd/system/drover-agent-return.timer',
]

/** Why this machine does not allow the command, or null. */
export function policyObjection(command: Command, policy: CapabilityPolicy): string | null {
  if (policy.kinds !== undefined && !policy.kinds.includes(command.kind)) {
    return `the policy of this host does not allow ${command.kind}`
  }
  if (command.kind === 'agent.stage' && !isAllowed(AGENT_PACKAGE, policy.packages, matches))
    return `the policy of this host does not allow the package ${AGENT_PACKAGE}`
  if (command.kind !== 'converge') return null
  return manifestObjection((command.args as CommandArgs<'converge'>).manifest, policy)
}

function manifestObjection(manifest: Manifest, policy: CapabilityPolicy): string | null {
  const paths = [
    ...manifest.files.map(({ path }) => path),
    ...manifest.directories.map(({ path }) => path),
    ...manifest.certificates.flatMap(({ keyPath, certPath, caPath }) => [keyPath, certPath, caPath]),
    ...(manifest.leftovers ?? []).map(({ path }) => path),
  ]
  for (const path of paths) {
    if (!isPlain(path)) return `the path ${JSON.stringify(path)} is not absolute and plain`
    if (UNTOUCHABLE.some(fixed => path === fixed || path.startsWith(`${fixed}/`))) return `${path} belongs to the agent`
    if (!isAllowed(path, policy.paths, below)) return `the policy of this host does not allow the path ${path}`
  }
  for (const { path } of manifest.leftovers ?? []) {
    const objection = leftoverObjection(path, manifest)
    if (objection !== null) return objection
  }
  for (const { name } of manifest.units) {
    if (!/^[A-Za-z0-9:_.@\\-]+$/.test(name)) return `${JSON.stringify(name)} is no unit name`
    if (/^drover-agent(-return)?\./.test(name)) return `the unit ${name} belongs to the agent`
    if (!isAllowed(name, policy.units, matches)) return `the policy of this host does not allow the unit ${name}`
  }
  for (const { name, version } of manifest.packages) {
    if (!/^[a-z0-9][a-z0-9.+-]+(:[a-z0-9]+)?$/.test(name) || !/^[A-Za-z0-9.+:~-]+$/.test(version)) {
      return `${JSON.stringify(`${name}=${version}`)} is no package with a version`
    }
    if (!isAllowed(name, policy.packages, matches)) return `the policy of this host does not allow the package ${name}`
  }
  return null
}

function isPlain(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0') && !/\/(\.{1,2}|)(\/|$)/.test(path)
}

function isAllowed(
  value: string,
  list: readonly string[] | undefined,
  fits: (value: string, pattern: string) => boolean,
): boolean {
  return list === undefined || list.some(pattern => fits(value, pattern))
}

function below(path: string, prefix: string): boolean {
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`
  return path === folder.slice(0, -1) || path.startsWith(folder)
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

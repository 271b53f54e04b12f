import { setTimeout as delay } from 'node:timers/promises'
import { APT_CACHE, aptOptions, QUIET_APT } from '../../agent/host/apt-options.ts'
import { type ClusterStatus, nodeOf } from '../../test/support/fleet-status.ts'
import type { BenchFleet } from './bench-fleet.ts'

const PACKAGES = ['postgresql-17', 'postgresql-client-17']
const INSTALL_MS = 10 * 60_000

/**
 * As it is done by hand on Debian under Patroni: on each host the packages are upgraded in place and the member is restarted, standbys
 * first and each well again before the next; then a switchover, and the old primary is restarted when Patroni has not done so already.
 */
export async function usualUpgrade(fleet: BenchFleet, version: string): Promise<void> {
  const before = await fleet.waitUntilWell()
  for (const { name, node } of before.members.filter(({ name: each }) => each !== before.primary)) {
    await install(fleet, node, version)
    await patronictl(fleet, before, ['restart', before.name, name, '--force'])
    await fleet.waitUntilWell(upstream(version), name)
  }
  const old = before.primary
  await install(fleet, nodeOf(before, old), version)
  const candidate = (await fleet.waitUntilWell()).members.find(({ role }) => role === 'sync-standby')?.name
  if (candidate === undefined) throw new Error(`${before.name} has no synchronous standby`)
  await patronictl(fleet, before, ['switchover', before.name, '--leader', old, '--candidate', candidate, '--force'])
  const after = await fleet.waitUntilWell()
  const isNew = after.members.find(({ name }) => name === old)?.serverVersion === upstream(version)
  if (!isNew) await patronictl(fleet, before, ['restart', before.name, old, '--force'])
  await fleet.waitUntilWell(upstream(version))
}

/** The way back, which is not measured: all hosts, then all members, the primary last. */
export async function usualWayBack(fleet: BenchFleet, version: string): Promise<void> {
  const before = await fleet.waitUntilWell()
  for (const { node } of before.members) await install(fleet, node, version)
  const isPrimary = ({ name }: { readonly name: string }): number => Number(name === before.primary)
  for (const { name } of before.members.toSorted((left, right) => isPrimary(left) - isPrimary(right))) {
    await patronictl(fleet, before, ['restart', before.name, name, '--force'])
    await fleet.waitUntilWell(upstream(version), name)
  }
  await fleet.waitUntilWell(upstream(version))
}

/** `17.12` of `17.12-0+deb13u1`. */
export function upstream(version: string): string {
  return version.split('-')[0] ?? version
}

/** From the fleet's own repository, so that both ways download from the same place. */
async function install({ lab, context }: BenchFleet, node: string, version: string): Promise<void> {
  const options = aptOptions({ url: `http://${lab.addresses.gateway}`, suite: 'drover', key: '' })
  const environment = Object.entries(QUIET_APT).map(([name, value]) => `${name}=${value}`)
  const apt = (...args: readonly string[]) =>
    lab.exec(node, ['env', ...environment, 'apt-get', ...options, ...args], {
      timeoutMs: INSTALL_MS,
      signal: context.signal,
    })
  // The agent leaves no folder for downloads behind.
  await lab.exec(node, ['mkdir', '--parents', `${APT_CACHE}/archives/partial`])
  await apt('update')
  await apt('install', '--yes', '--allow-downgrades', ...PACKAGES.map(name => `${name}=${version}`))
}

async function patronictl({ lab }: BenchFleet, cluster: ClusterStatus, args: readonly string[]): Promise<void> {
  const { primary } = cluster
  const config = `/etc/drover/patroni/${primary}/patroni.yml`
  await lab.exec(nodeOf(cluster, primary), ['patronictl', '-c', config, ...args])
  // What it has begun is not seen at once.
  await delay(1_000)
}

import type { DirectoryItem, FileItem, PackageSource, UnitItem } from '../../../shared/domain/manifest.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { publicFile, rootDirectory } from './items.ts'
import { CONFIG, STATE } from './paths.ts'
import type { RenderInput } from './render-input.ts'

/**
 * Debian starts what it installs. Masked before the packages come, these never run and never take a port; Drover's own
 * units take their place.
 */
const DEBIAN_UNITS = ['etcd.service', 'haproxy.service', 'patroni.service', 'pgbouncer.service', 'postgresql.service']

export function maskedUnits(): readonly UnitItem[] {
  return DEBIAN_UNITS.map(name => ({ name, enablement: 'masked', state: 'stopped' }))
}

export function packageSource(input: RenderInput, node: SnapshotNode): PackageSource | undefined {
  const url = node.os === undefined ? undefined : input.snapshot.repository.urls[node.os]
  if (url === undefined) return undefined
  return { url, suite: input.snapshot.repository.suite, key: input.snapshot.repository.key }
}

/** Keeps `postgresql-NN` from making and starting a cluster of its own (`NN/main` on 5432) while it is installed. */
export function createClusterDropIn(): FileItem {
  const text = '# Drover makes every PostgreSQL instance itself.\ncreate_main_cluster = false\nstart_conf = disabled\n'
  return { ...publicFile('/etc/postgresql-common/createcluster.d/90-drover.conf', text), beforePackages: true }
}

export function baseDirectories(): readonly DirectoryItem[] {
  return [CONFIG, `${CONFIG}/tls`, STATE].map(rootDirectory)
}

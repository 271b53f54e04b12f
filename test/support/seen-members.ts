import type { Observations } from '../../orchestrator/operation/conditions.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { EMPTY_MANIFEST, type InstanceWatch, type Manifest } from '../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../shared/domain/observation.ts'

/** By instance: what is seen of it. */
export type SeenMembers = Readonly<Record<string, Partial<InstanceObservation>>>

/** Members of `pg-main`, one a node: what each node has converged to, and what its agent sees. */
export function seenMembers(members: SeenMembers): {
  readonly manifests: ReadonlyMap<NodeId, Manifest>
  readonly observations: Observations
} {
  const entries = Object.entries(members)
  return {
    manifests: new Map(entries.map(([instance]) => [`node of ${instance}`, manifestWith(instance)])),
    observations: new Map(
      entries.map(([instance, seen]) => [
        `node of ${instance}`,
        { observedAt: 0, instances: [{ ...UNSEEN, instance, ...seen }] },
      ]),
    ),
  }
}

const UNSEEN: InstanceObservation = {
  cluster: 'pg-main',
  instance: '',
  role: 'unknown',
  state: 'unreachable',
  poolers: [],
  services: [],
}

function manifestWith(instance: string): Manifest {
  const watch: InstanceWatch = {
    cluster: 'pg-main',
    instance,
    address: '10.0.0.1',
    postgresPort: 5432,
    socketDirectory: '/run/pg',
    dataDirectory: '/data',
    patroniUrl: 'https://127.0.0.1:8008',
    patroniUnit: 'patroni.service',
    caPath: '/ca',
    certPath: '/cert',
    keyPath: '/key',
    poolers: [],
    services: [],
  }
  return { ...EMPTY_MANIFEST, watches: { instances: [watch] } }
}

import { type Fact, factOr } from '../../../shared/domain/facts.ts'
import type { Finding } from '../../../shared/domain/health.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { ClusterAllocation } from '../../../shared/domain/snapshot.ts'
import { finding } from './grade.ts'
import type { HealthNode, HealthView } from './health-view.ts'

/**
 * Members of a cluster read each other's indexes, so that text must sort the same everywhere (S7). Placement sees to that; a host may
 * get another glibc or ICU afterwards.
 */
export function clusterFindings(
  name: ClusterName,
  { members }: ClusterAllocation,
  { nodes }: HealthView,
): readonly Finding[] {
  const held = members.flatMap(({ nodeId, instance }) => {
    const node = nodes.find(({ id }) => id === nodeId)
    return node === undefined ? [] : [{ node, instance }]
  })
  return (['glibc', 'icu'] as const).flatMap(library => {
    const versions = Map.groupBy(
      held.flatMap(({ node }) => {
        const version = versionOf(node, library)
        return version === undefined ? [] : [{ version, node: node.name }]
      }),
      ({ version }) => version,
    )
    if (versions.size < 2) return []
    const said = [...versions].map(([version, on]) => `${version} on ${on.map(({ node }) => node).join(', ')}`)
    return [
      finding({
        code: 'collation-library',
        severity: 'critical',
        subject: { kind: 'cluster', name },
        concerns: { cluster: name },
        message: `its members have different versions of ${library === 'icu' ? 'ICU' : 'glibc'}: ${said.join('; ')}; an index over text that one built, another may read wrongly`,
      }),
    ]
  })
}

/** Major and minor: a patch release does not change how text sorts. */
function versionOf({ facts }: HealthNode, library: 'glibc' | 'icu'): string | undefined {
  const fact: Fact<string> | undefined = facts?.[library]
  const version = fact === undefined ? undefined : factOr<string | undefined>(fact, undefined)
  return version === undefined ? undefined : /^\d+(?:\.\d+)?/.exec(version)?.[0]
}

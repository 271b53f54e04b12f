import { textOf } from '../values.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { DeclaredCluster } from './declared-clusters.ts'
import { delayText } from './delay.ts'

/** `pg_upstream` of a primary makes a standby cluster; `pg_delay` holds for it as a whole. */
export function importUpstream(context: ClusterContext, clusters: readonly DeclaredCluster[]): void {
  const { draft, ledger, primary, name } = context
  const upstream = primary.variables.get('pg_upstream')
  const delay = primary.variables.get('pg_delay')
  const address = textOf(upstream?.value) ?? ''
  const source = clusters.find(each => each.name !== name && each.instances.some(({ host }) => host === address))
  if (upstream !== undefined && address !== '') {
    if (source === undefined) {
      ledger.lost(upstream.path, {
        reason: 'no cluster of this inventory has an instance at that address',
        instead: 'a cluster of its own, which takes writes',
      })
    } else {
      draft.standbyOf = { cluster: source.name }
      ledger.kept({ path: upstream.path, to: 'clusters[].standbyOf.cluster', into: draft })
    }
  }
  if (delay === undefined) return
  const text = delayText(delay.value)
  if (text === undefined) ledger.kept({ path: delay.path, to: 'clusters[].standbyOf.delay', note: 'no delay' })
  else if (draft.standbyOf === undefined) {
    ledger.lost(delay.path, {
      reason: 'only a standby cluster or a delayed instance can stay behind',
      instead: 'no delay',
    })
  } else {
    draft.standbyOf.delay = text
    ledger.kept({ path: delay.path, to: 'clusters[].standbyOf.delay', into: draft })
  }
}

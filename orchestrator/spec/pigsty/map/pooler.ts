import { textOf } from '../values.ts'
import { type ClusterContext, clusterSetting } from './cluster-context.ts'
import { POOL_MODES } from './pool-modes.ts'

const TLS_MODES = ['disable', 'allow', 'prefer', 'require'] as const

/** PgBouncer's settings of the whole cluster. Its sizes are constants in Pigsty; Drover computes them. */
export function importPooler(context: ClusterContext): void {
  const { draft, ledger } = context
  const pooler: NonNullable<typeof draft.pooler> = {}
  const mode = clusterSetting(context, 'pgbouncer_poolmode')
  if (mode !== undefined) {
    const known = Object.values(POOL_MODES).find(each => each === textOf(mode.value))
    if (known === undefined)
      ledger.lost(mode.path, { reason: 'not one of transaction, session, statement', instead: '`transaction`' })
    else {
      pooler.mode = known
      ledger.kept({ path: mode.path, to: 'clusters[].pooler.mode', into: pooler })
    }
  }
  const tls = clusterSetting(context, 'pgbouncer_sslmode')
  if (tls !== undefined) {
    const known = TLS_MODES.find(each => each === textOf(tls.value))
    if (known === undefined)
      ledger.lost(tls.path, { reason: 'the pooler does not ask clients for certificates', instead: '`prefer`' })
    else {
      pooler.tls = known
      ledger.kept({ path: tls.path, to: 'clusters[].pooler.tls', into: pooler })
    }
  }
  const ignored = clusterSetting(context, 'pgbouncer_ignore_param')
  if (ignored !== undefined && Array.isArray(ignored.value)) {
    pooler.ignoreStartupParameters = ignored.value.flatMap(name => textOf(name) ?? [])
    ledger.kept({ path: ignored.path, to: 'clusters[].pooler.ignoreStartupParameters', into: pooler })
  }
  if (Object.keys(pooler).length > 0) draft.pooler = pooler
}

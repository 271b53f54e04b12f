import { type Loose, looseList, looseMap, looseNumber, looseText, looseTexts } from '../loose.ts'
import type { Report } from '../report.ts'
import type { Path } from '../source.ts'
import { checkUniqueTexts } from './unique.ts'

/** Pools: bounds in order, and packages and start-up parameters once. */
export function checkPooler(cluster: Loose, report: Report): void {
  const pooler = looseMap(cluster, 'pooler')
  checkUniqueTexts({ texts: looseTexts(pooler, 'ignoreStartupParameters'), what: 'start-up parameter', report })
  checkUniqueTexts({ texts: looseTexts(cluster, 'packages'), what: 'package', report })
  const poolSize = looseNumber(pooler, 'poolSize')
  const most = looseNumber(pooler, 'maxDatabaseConnections')
  const warn = { report, severity: 'warning' } as const
  inOrder({ low: ['poolSize', poolSize], high: ['maxDatabaseConnections', most], path: pooler.path, ...warn })
  for (const database of looseList(cluster, 'databases')) {
    const pool = looseMap(database, 'pool')
    const size = looseNumber(pool, 'size')
    const allowed = looseNumber(pool, 'maxConnections')
    const least = looseNumber(pool, 'minSize')
    const [outerSize, outerMost] = [`pooler.poolSize`, `pooler.maxDatabaseConnections`]
    inOrder({
      low: ['minSize', least],
      high: size === undefined ? [outerSize, poolSize] : ['size', size],
      path: pool.path,
      report,
      severity: 'error',
    })
    inOrder({
      low: ['size', size],
      high: allowed === undefined ? [outerMost, most] : ['maxConnections', allowed],
      path: pool.path,
      ...warn,
    })
    if (database.values['pooled'] === false && Object.keys(pool.values).length > 0) {
      report({
        code: 'unused-pool',
        message: `\`pool\` has no effect on database \`${looseText(database, 'name') ?? '?'}\`, which is not pooled`,
        path: pool.path,
        hint: 'Remove it, or `pooled: false`.',
        severity: 'warning',
      })
    }
  }
}

type Bound = readonly [name: string, value: number | undefined]

function inOrder({
  low: [low, least],
  high: [high, most],
  path,
  report,
  severity,
}: {
  readonly low: Bound
  readonly high: Bound
  readonly path: Path
  readonly report: Report
  readonly severity: 'error' | 'warning'
}): void {
  if (least === undefined || most === undefined || least <= most) return
  report({
    code: 'pool-bounds',
    message: `\`${low}\` (${least}) is more than \`${high}\` (${most}), so it can never be reached`,
    path: [...path, low],
    hint: `Set it to ${most} or less, or raise \`${high}\`.`,
    severity,
  })
}

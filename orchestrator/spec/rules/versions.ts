import { type Loose, looseNumber } from '../loose.ts'
import type { Report } from '../report.ts'
import type { Path } from '../source.ts'

/** Reports what the cluster's PostgreSQL is too old for; without a version in the file the planner looks again. */
export function needsVersion({
  cluster,
  since,
  what,
  path,
  report,
}: {
  readonly cluster: Loose
  /** The first major version that has it. */
  readonly since: number
  /** The subject of the sentence. */
  readonly what: string
  readonly path: Path
  readonly report: Report
}): void {
  const version = looseNumber(cluster, 'postgresVersion')
  if (version === undefined || version >= since) return
  report({
    code: 'needs-version',
    message: `${what} needs PostgreSQL ${since} or later; the cluster has ${version}`,
    path,
    hint: `Remove it, or make the cluster with \`postgresVersion: ${since}\` or later.`,
  })
}

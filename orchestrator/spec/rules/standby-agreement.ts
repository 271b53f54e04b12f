import { HOT_STANDBY_SETTINGS } from '../../plan/tuning/hot-standby-settings.ts'
import { type Loose, looseMap, looseNumber, looseText } from '../loose.ts'
import type { Report } from '../report.ts'

/** What a standby cluster and its source have to agree on before PostgreSQL replicates from one to the other. */
export function checkStandbyAgreement({
  cluster,
  source,
  report,
}: {
  readonly cluster: Loose
  readonly source: Loose
  readonly report: Report
}): void {
  const name = looseText(source, 'name') ?? '?'
  const [own, theirs] = [looseNumber(cluster, 'postgresVersion'), looseNumber(source, 'postgresVersion')]
  if (own !== undefined && theirs !== undefined && own !== theirs) {
    report({
      code: 'standby-version',
      message: `a standby cluster has the PostgreSQL of its source: \`${name}\` has ${theirs}, not ${own}`,
      path: [...cluster.path, 'postgresVersion'],
      hint: `Set \`postgresVersion: ${theirs}\`.`,
    })
  }
  const [parameters, sources] = [looseMap(cluster, 'parameters'), looseMap(source, 'parameters')]
  for (const setting of HOT_STANDBY_SETTINGS) {
    const [here, there] = [looseNumber(parameters, setting), looseNumber(sources, setting)]
    if (here === undefined || there === undefined || here >= there) continue
    report({
      code: 'standby-setting',
      message: `PostgreSQL does not start a standby whose \`${setting}\` (${here}) is lower than its source's (${there} in \`${name}\`)`,
      path: [...parameters.path, setting],
      hint: `Set it to ${there} or more.`,
    })
  }
}

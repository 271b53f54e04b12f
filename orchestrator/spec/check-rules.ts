import type { Problem } from '../../shared/domain/problem.ts'
import { looseList, looseMap, looseRoot, looseText, looseTexts } from './loose.ts'
import type { Report } from './report.ts'
import { checkDatabases } from './rules/databases.ts'
import { checkDurability } from './rules/durability.ts'
import { checkHba } from './rules/hba.ts'
import { checkMembers } from './rules/members.ts'
import { checkPlacement } from './rules/placement.ts'
import { checkPooler } from './rules/pooler.ts'
import { checkPrivileges } from './rules/privileges.ts'
import { checkReplicas } from './rules/replicas.ts'
import { checkServicePorts } from './rules/service-ports.ts'
import { checkServices } from './rules/services.ts'
import { checkStandbyClusters } from './rules/standby-clusters.ts'
import { checkTuning } from './rules/tuning.ts'
import { checkUnique, checkUniqueTexts } from './rules/unique.ts'
import { checkUpgrades } from './rules/upgrades.ts'
import { checkUsers } from './rules/users.ts'
import { pathText } from './schema-problems.ts'
import type { Source } from './source.ts'

/** Rules that span several keys. They read loosely, so that they speak even while the schema has complaints elsewhere. */
export function checkRules(source: Source): readonly Problem[] {
  const problems: Problem[] = []
  const report: Report = ({ path, severity = 'error', ...rest }) => {
    problems.push({ ...rest, path: pathText(path), ...source.position(path), severity })
  }
  const root = looseRoot(source.data)
  const fleet = looseMap(root, 'fleet')
  const clusters = looseList(root, 'clusters')
  checkUniqueTexts({ texts: looseTexts(fleet, 'clientNetworks'), what: 'network', report })
  checkUnique({ items: clusters, what: 'cluster', report })
  checkUpgrades(fleet, clusters, report)
  const byName = new Map(clusters.map(cluster => [looseText(cluster, 'name') ?? '', cluster]))
  checkStandbyClusters(byName, report)
  checkServicePorts(clusters, report)
  for (const cluster of clusters) {
    checkMembers(cluster, report)
    checkReplicas(cluster, report)
    checkPlacement(cluster, report)
    checkDurability(cluster, report)
    checkTuning(cluster, report)
    checkUsers(cluster, report)
    checkDatabases(cluster, report)
    checkPrivileges(cluster, report)
    checkHba({ cluster, clusters: byName, fleet, report })
    checkServices(cluster, report)
    checkPooler(cluster, report)
  }
  return problems
}

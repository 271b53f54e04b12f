import { givesSome, type Loose, looseList, looseText, names } from '../loose.ts'
import type { Report } from '../report.ts'
import { checkHbaMethod } from './hba-method.ts'
import { type ClustersByName, originOf } from './standby-clusters.ts'
import { suggestion } from './suggestion.ts'

interface HbaRules {
  readonly cluster: Loose
  readonly clusters: ClustersByName
  readonly fleet: Loose
  readonly report: Report
}

/** HBA rules: users and databases that exist, methods that work there, and members that would read them. */
export function checkHba({ cluster, clusters, fleet, report }: HbaRules): void {
  const rules = looseList(cluster, 'hba')
  // A standby cluster has the users and databases of the cluster at the end of its chain.
  const origin = originOf(cluster, clusters)
  const users = new Set([...names(looseList(origin, 'users')), 'all'])
  const databases = new Set([...names(looseList(origin, 'databases')), 'all', 'postgres'])
  for (const rule of rules) {
    checkNames({ rule, users, databases, report })
    checkHbaMethod(rule, report)
    checkReaders({ rule, cluster, fleet, report })
  }
  checkShadowed(rules, report)
}

function checkNames({
  rule,
  users,
  databases,
  report,
}: {
  readonly rule: Loose
  readonly users: ReadonlySet<string>
  readonly databases: ReadonlySet<string>
  readonly report: Report
}): void {
  const user = looseText(rule, 'user')?.replace(/^\+/, '')
  if (user !== undefined && !users.has(user)) {
    report({
      code: 'unknown-user',
      message: `the HBA rule names user \`${user}\`, which is not a user of this cluster`,
      path: [...rule.path, 'user'],
      hint: suggestion(user, users) ?? 'Declare it under `users`.',
    })
  }
  const database = looseText(rule, 'database')
  if (database === 'replication') {
    report({
      code: 'replication-rule',
      message:
        'a rule of the file cannot let anybody replicate: Drover lets in the standbys of the cluster and refuses everybody else',
      path: [...rule.path, 'database'],
      hint: 'Remove the rule. To follow this cluster elsewhere, declare a cluster with `standbyOf`.',
    })
  } else if (database !== undefined && !databases.has(database)) {
    report({
      code: 'unknown-database',
      message: `the HBA rule names database \`${database}\`, which is not a database of this cluster`,
      path: [...rule.path, 'database'],
      hint: suggestion(database, databases) ?? 'Declare it under `databases`.',
    })
  }
}

function checkReaders({
  rule,
  cluster,
  fleet,
  report,
}: {
  readonly rule: Loose
  readonly cluster: Loose
  readonly fleet: Loose
  readonly report: Report
}): void {
  const role = looseText(rule, 'role')
  const roles = looseList(cluster, 'replicas').map(group => looseText(group, 'role'))
  if ((role === 'offline' || role === 'delayed') && !roles.includes(role)) {
    report({
      code: 'hba-without-member',
      message: `the rule is for \`${role}\` members, of which the cluster has none`,
      path: [...rule.path, 'role'],
      hint: `Add a group with \`role: ${role}\` to \`replicas\`, or remove the rule.`,
      severity: 'warning',
    })
  }
  if (looseText(rule, 'address') === 'clients' && !givesSome(fleet, 'clientNetworks')) {
    report({
      code: 'hba-without-network',
      message: 'the rule is for `clients`, but `fleet.clientNetworks` names no network',
      path: [...rule.path, 'address'],
      hint: 'Name them there, or write the network here.',
      severity: 'warning',
    })
  }
}

/** PostgreSQL takes the first rule that fits, so of two for the same connections the second is never read. */
function checkShadowed(rules: readonly Loose[], report: Report): void {
  const seen = new Set<string>()
  for (const rule of rules) {
    const { user, database, address, role = 'all', on = 'both', tls = true } = rule.values
    const connections = JSON.stringify([user, database, address, role, on, tls])
    if (seen.has(connections))
      report({
        code: 'duplicate-hba-rule',
        message: 'another rule is for the very same connections; only the one that comes first is ever read',
        path: rule.path,
        hint: 'Remove one of the two.',
        severity: 'warning',
      })
    seen.add(connections)
  }
}

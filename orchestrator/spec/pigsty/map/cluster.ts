import { notApplicable } from '../treatment.ts'
import { integerOf, textOf } from '../values.ts'
import { importAvailability } from './availability.ts'
import { type ClusterContext, type ClusterDraft, clusterSetting, type Facts, type Instance } from './cluster-context.ts'
import { importDatabases } from './databases.ts'
import type { DeclaredCluster } from './declared-clusters.ts'
import { importHba } from './hba.ts'
import { importMembers } from './members.ts'
import { importPackages } from './packages.ts'
import { importPooler } from './pooler.ts'
import { importPrivileges } from './privileges.ts'
import { importServices } from './services.ts'
import { importTemplate } from './template.ts'
import { importTuning } from './tuning.ts'
import { importUpstream } from './upstream.ts'
import { importUsers } from './users.ts'

const NEWEST = 18
const OLDEST = 14

/** One PostgreSQL cluster of the inventory as a cluster of the fleet file. */
export function importCluster(
  facts: Facts,
  { cluster, clusters }: { readonly cluster: DeclaredCluster; readonly clusters: readonly DeclaredCluster[] },
): ClusterDraft {
  const context = contextOf(facts, cluster)
  importIdentity(context)
  importVersion(context)
  importMembers(context)
  importUpstream(context, clusters)
  importAvailability(context)
  importTuning(context)
  if (context.draft.standbyOf === undefined) importObjects(context)
  else noteReplicated(context, context.draft.standbyOf.cluster)
  importHba(context)
  importServices(context)
  importPackages(context)
  importPooler(context)
  return context.draft
}

function contextOf(facts: Facts, { name, instances }: DeclaredCluster): ClusterContext {
  const [primary] = instances as readonly [Instance, ...Instance[]]
  const version = integerOf(primary.variables.get('pg_version')?.value) ?? NEWEST
  return { ...facts, draft: { name }, name, major: Math.min(NEWEST, Math.max(OLDEST, version)), instances, primary }
}

function importIdentity({ draft, instances, ledger }: ClusterContext): void {
  for (const { variables } of instances) {
    const setting = variables.get('pg_cluster')
    if (setting === undefined) continue
    const renamed = textOf(setting.value) !== draft.name
    const note = renamed ? 'renamed: lower-case letters, digits and `-`, a letter first' : undefined
    ledger.kept({ path: setting.path, to: 'clusters[].name', into: draft, ...(note === undefined ? {} : { note }) })
  }
}

function importVersion(context: ClusterContext): void {
  const setting = clusterSetting(context, 'pg_version')
  context.draft.postgresVersion = context.major
  if (setting === undefined) return
  if (integerOf(setting.value) === context.major) {
    context.ledger.kept({ path: setting.path, to: 'clusters[].postgresVersion', into: context.draft })
  } else {
    context.ledger.lost(setting.path, {
      reason: `Drover runs PostgreSQL ${OLDEST} to ${NEWEST}`,
      instead: `PostgreSQL ${context.major}`,
    })
  }
}

/** What lives inside PostgreSQL. Databases want their owners and what they come with, privileges their roles. */
function importObjects(context: ClusterContext): void {
  importUsers(context)
  importTemplate(context)
  importDatabases(context)
  importPrivileges(context)
}

const REPLICATED = [
  'pg_users',
  'pg_databases',
  'pg_default_roles',
  'pg_default_privileges',
  'pg_default_schemas',
  'pg_default_extensions',
  'pg_admin_password',
  'pg_monitor_password',
]

function noteReplicated({ ledger, instances }: ClusterContext, upstream: string): void {
  for (const { variables } of instances) {
    for (const parameter of REPLICATED) {
      const setting = variables.get(parameter)
      if (setting !== undefined) {
        ledger.note(setting.path, notApplicable(`a standby cluster has what comes by replication from ${upstream}`))
      }
    }
  }
}

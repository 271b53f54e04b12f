import type { ContentItem, ProvisionArgs } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { MAINTENANCE_DATABASE, MAINTENANCE_OWNER } from '../../shared/domain/maintenance-database.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { contentStatements } from './postgres/content-statements.ts'
import { inTemplateOrder } from './postgres/create-database.ts'
import { refuseFixed } from './postgres/fixed-properties.ts'
import { localeOf } from './postgres/locale.ts'
import { contentWanted, provisionDatabase } from './postgres/provision-database.ts'
import { roleStatements } from './postgres/role-statements.ts'
import { openServer, type Server } from './postgres/server.ts'
import { CLUSTER_STATE_SQL, type ClusterState, DATABASE_STATE_SQL, type DatabaseContent } from './postgres/state.ts'
import { undeclared } from './postgres/undeclared.ts'
import { undeclaredPrivileges } from './postgres/undeclared-privileges.ts'
import { unfinishedDatabases } from './postgres/unfinished.ts'

/**
 * Makes roles, databases and what is in them as wanted: reads what is there, refuses what cannot be before anything is
 * changed, runs only what differs, drops nothing. Killed half-way it has done a prefix; the next run does the rest.
 * Errors: `conflict` on a standby or for a property that PostgreSQL cannot change, `invalid` for what its version cannot do,
 * `unavailable`, `failed`.
 */
export function createPostgresProvision(host: { readonly exec: Exec }): Executor<'postgres.provision'> {
  return async ({ args, signal, progress }) => {
    const server = openServer({ exec: host.exec, args, signal, progress })
    const state = await server.read<ClusterState>('postgres', CLUSTER_STATE_SQL)
    refuseStandby(args, state)
    const databases = inTemplateOrder(args.databases)
    const contents = await readContents(server, args, state)
    refuseImpossible(args, state, contents)

    await server.apply('postgres', roleStatements(args.roles, state))
    for (const name of templatesOf(args)) {
      const content = contents.get(name)
      if (content !== undefined) await server.apply(name, contentStatements(templateContent(name, args), content))
    }
    const unfinished = new Set(unfinishedDatabases(state))
    for (const wanted of databases) await provisionDatabase({ server, args, state, contents, unfinished, wanted })
    if (!args.dryRun) return { dryRun: false, changes: server.changes }
    const left = [...undeclared(args, state), ...undeclaredPrivileges(args, contents, state.versionNumber)]
    return { dryRun: true, changes: server.changes, differences: [...server.differences, ...left] }
  }
}

/**
 * Where a template's contents live: for databases made by hand, and for whoever connects to nothing else. A declared `postgres`
 * gets them together with its own, which win.
 */
function templatesOf({ databases }: ProvisionArgs): readonly string[] {
  return ['template1', MAINTENANCE_DATABASE].filter(name => databases.every(database => database.name !== name))
}

function refuseStandby(args: ProvisionArgs, state: ClusterState): void {
  if (!state.inRecovery) return
  throw new DroverError('conflict', `${args.instance} is a standby now: roles and databases are made on the primary`, {
    retryable: true,
    hint: 'The step is sent again to whichever member is the primary.',
  })
}

/** What is in the databases that exist, of those that something is wanted in. Nobody can look into a closed one. */
async function readContents(
  server: Server,
  args: ProvisionArgs,
  state: ClusterState,
): Promise<ReadonlyMap<string, DatabaseContent>> {
  const { databases, template, privileges } = args
  const none: ReadonlySet<string> = new Set()
  const wanted = [
    ...(hasContent(template) ? templatesOf(args) : []),
    ...databases
      .filter(each => hasContent(contentWanted({ args, unfinished: none, wanted: each })) || privileges.length > 0)
      .map(({ name }) => name),
  ]
  const open = wanted.filter(name => state.databases.some(now => now.name === name && now.allowConnections))
  const contents = new Map<string, DatabaseContent>()
  for (const name of open) contents.set(name, await server.read<DatabaseContent>(name, DATABASE_STATE_SQL))
  return contents
}

function hasContent({ schemas, extensions }: ContentItem): boolean {
  return schemas.length > 0 || extensions.length > 0
}

/** Everything that is refused is refused here: making the statements, without running them, finds it. */
function refuseImpossible(
  args: ProvisionArgs,
  state: ClusterState,
  contents: ReadonlyMap<string, DatabaseContent>,
): void {
  const { databases, versionNumber } = state
  const unfinished = unfinishedDatabases(state)
  for (const wanted of args.databases) {
    const now = databases.find(({ name }) => name === wanted.name)
    if (now === undefined) localeOf(wanted, versionNumber)
    else refuseFixed(wanted, now, versionNumber)
    const content = contents.get(wanted.name)
    if (content !== undefined) contentStatements(contentWanted({ args, unfinished, wanted }), content)
  }
  for (const name of templatesOf(args)) {
    const content = contents.get(name)
    if (content !== undefined) contentStatements(templateContent(name, args), content)
  }
}

function templateContent(name: string, { template }: ProvisionArgs) {
  return { ...template, name, owner: MAINTENANCE_OWNER }
}

import type { ProvisionArgs } from '../../../shared/domain/command.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import type { Exec } from '../../host/host.ts'
import { psql } from './psql.ts'
import type { Statement } from './statement.ts'

/** The server of one provisioning, and the tale of what was changed on it. */
export interface Server {
  readonly dryRun: boolean
  /** The answer of a query that gives one JSON document; the shape is that of our own query. */
  read<T>(database: string, sql: string): Promise<T>
  /** Runs the statements in order, each in a transaction of its own; a dry run only tells them. */
  apply(database: string, statements: readonly Statement[]): Promise<void>
  /** The summaries of what was applied so far. */
  readonly changes: readonly string[]
  /** What the statements so far have found otherwise. */
  readonly differences: readonly ObjectDifference[]
}

export function openServer({
  exec,
  args,
  signal,
  progress,
}: {
  readonly exec: Exec
  readonly args: Pick<ProvisionArgs, 'socketDirectory' | 'port' | 'dryRun'>
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}): Server {
  const { socketDirectory, port, dryRun } = args
  const run = (database: string, sql: string): Promise<string> =>
    psql({ exec, socketDirectory, port, database, sql, signal })
  const changes: string[] = []
  const differences: ObjectDifference[] = []
  return {
    dryRun,
    changes,
    differences,
    read: async <T>(database: string, sql: string) => JSON.parse(await run(database, sql)) as T,
    apply: async (database, statements) => {
      if (statements.length === 0) return
      if (!dryRun) await run(database, statements.map(({ sql }) => sql).join('\n'))
      for (const { summary, differences: found } of statements) {
        if (summary === undefined) continue
        changes.push(summary)
        differences.push(...(found ?? [{ object: summary, expected: 'done', found: 'not done' }]))
        progress(summary)
      }
    },
  }
}

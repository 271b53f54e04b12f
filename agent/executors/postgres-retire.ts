import { DroverError } from '../../shared/domain/errors.ts'
import type { RetireArgs, RetireItem, RetireResult } from '../../shared/domain/retire.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { dropItem } from './postgres/drop-items.ts'
import { hideItem, restoreItem } from './postgres/hide-items.ts'
import { openServer } from './postgres/server.ts'

/**
 * Takes named databases, users, schemas and extensions out of reach, brings them back, or drops them. What is hidden is whole. Nothing
 * is dropped that was not hidden first, before its time unless somebody asked by name, or that something else needs: that is
 * told as `blocked`, and the rest goes on. Killed half-way, the next run does the rest. Errors: `conflict` on a standby and where a name
 * is taken, `unavailable`, `failed`.
 */
export function createPostgresRetire(parts: {
  readonly exec: Exec
  /** Unix milliseconds. */
  readonly now: () => number
}): Executor<'postgres.retire'> {
  return async ({ args, signal, progress }) => {
    const server = openServer({ exec: parts.exec, args: { ...args, dryRun: false }, signal, progress })
    await refuseStandby(args, () => server.read<boolean>('postgres', 'SELECT to_json(pg_is_in_recovery());'))
    for (const item of args.items) refuseEarly(item, parts.now())
    const blocked: RetireResult['blocked'][number][] = []
    for (const item of args.items) {
      if (item.action === 'hide') await hideItem(item, server)
      else if (item.action === 'restore') await restoreItem(item, server)
      else {
        const because = await dropItem(item, server)
        const { kind, name, database } = item
        if (because !== undefined)
          blocked.push({ kind, name, ...(database === undefined ? {} : { database }), because })
      }
    }
    return { changes: server.changes, blocked }
  }
}

async function refuseStandby({ instance }: RetireArgs, inRecovery: () => Promise<boolean>): Promise<void> {
  if (!(await inRecovery())) return
  throw new DroverError('conflict', `${instance} is a standby now: databases and users are taken away on the primary`, {
    retryable: true,
    hint: 'The step is sent again to whichever member is the primary.',
  })
}

function refuseEarly({ action, kind, name, notBefore, early }: RetireItem, now: number): void {
  if (action !== 'drop' || early === true || (notBefore !== undefined && now >= notBefore)) return
  const until = notBefore === undefined ? 'somebody says for how long' : new Date(notBefore).toISOString()
  throw new DroverError('conflict', `${kind} ${name} is not dropped: it is kept until ${until}`, { retryable: false })
}

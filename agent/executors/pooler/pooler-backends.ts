import type { PoolerTarget } from '../../../shared/domain/command.ts'
import type { Exec } from '../../host/host.ts'
import type { Executor } from '../executor.ts'
import { poolerShow } from './show.ts'

/** PgBouncer knows the process at the other end of each of its connections, through whatever proxy: it needs it to cancel. */
export function createPoolerBackends({ exec }: { readonly exec: Exec }): Executor<'pooler.backends'> {
  return async ({ args, signal }) => {
    const [primary, own] = await Promise.all([heldBy(args.rw), heldBy(args.ro)])
    return { primary, own }

    async function heldBy(target: PoolerTarget | undefined): Promise<readonly number[]> {
      if (target === undefined) return []
      const rows = await poolerShow({ exec, target, command: 'SHOW SERVERS', signal })
      const pids = rows.map(row => Number(row['remote_pid'])).filter(pid => Number.isInteger(pid) && pid > 0)
      return [...new Set(pids)].sort((left, right) => left - right)
    }
  }
}

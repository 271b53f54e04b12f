import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { ProgramStep } from '../program.ts'
import { awaitCondition } from '../steps/await-condition.ts'
import { freshObservations } from './fresh-observations.ts'
import type { Member } from './member.ts'

/** Until all stream, by what is seen from now on: after a change was taken back Patroni starts a server that has ended by itself. */
export function awaitMembers({
  cluster,
  members,
  timeoutMs,
}: {
  readonly cluster: ClusterName
  readonly members: readonly Member[]
  readonly timeoutMs: number
}): ProgramStep<null> {
  return {
    title: `wait for all members of ${cluster}`,
    async act(context) {
      await freshObservations(members, context)
      const instances = members.map(({ instance }) => instance)
      const condition = { kind: 'members-streaming', cluster, instances, syncStandbys: 0 } as const
      return { result: null, ...(await awaitCondition({ kind: 'await', condition, timeoutMs }, context)) }
    },
  }
}

import type { ClusterName } from '../../../../shared/domain/ids.ts'
import { type Member, manifestsOf, membersOf } from '../../members/member.ts'
import type { ProgramStep } from '../../program.ts'

/** All that were applied, well or not. */
export function findMembers(cluster: ClusterName): ProgramStep<readonly Member[]> {
  return {
    title: `find the members of ${cluster}`,
    async act({ fleet }) {
      const members = membersOf(cluster, await manifestsOf(fleet))
      return { result: members, detail: members.map(({ instance }) => instance).join(', ') }
    },
  }
}

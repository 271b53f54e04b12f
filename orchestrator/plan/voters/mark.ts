import type { EtcdAllocation } from '../../../shared/domain/snapshot.ts'

/** Newcomers that have their vote are voters like all others; those that left are forgotten. */
export function withVotersMarked(
  etcd: EtcdAllocation,
  { joined, left }: { readonly joined: readonly string[]; readonly left: readonly string[] },
): EtcdAllocation {
  const { leaving: _leaving, ...rest } = etcd
  const leaving = (etcd.leaving ?? []).filter(({ name }) => !left.includes(name))
  return {
    ...rest,
    members: etcd.members.map(member => {
      const { joining: _joining, ...voter } = member
      return joined.includes(member.name) ? voter : member
    }),
    ...(leaving.length === 0 ? {} : { leaving }),
  }
}

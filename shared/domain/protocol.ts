import type { CommandKind } from './command.ts'

/**
 * What the two sides of a session say beside fields that the other may not know, which both ignore. Raised with a change that an older
 * side would misunderstand, and with each release at most once. 2: agents name the commands that they know.
 */
export const PROTOCOL = 2

/** What an agent knows that names no commands: those that there were before agents named them. Never added to. */
const FIRST_KINDS: readonly CommandKind[] = [
  'converge',
  'facts.collect',
  'disk.probe',
  'postgres.provision',
  'postgres.retire',
  'patroni.configure',
  'postgres.inspect',
  'postgres.checkpoint',
  'postgres.await',
  'pooler.hold',
  'pooler.release',
  'patroni.switchover',
  'patroni.survey',
  'patroni.failover',
  'patroni.pause-deadline',
  'postgres.probe-write',
  'patroni.reinitialise',
  'postgres.settings',
  'patroni.restart',
  'patroni.reload',
  'instance.erase',
  'patroni.release-slot',
  'etcd.forget-scope',
  'etcd.change-member',
  'etcd.maintain',
  'runtime.try',
  'keyset.update',
]

/** Each side works with the other one version of the protocol older and newer; null: they go together. `0`, unsaid, is 1. */
export function protocolGap(theirs: number, ours: number = PROTOCOL): 'older' | 'newer' | null {
  const spoken = theirs === 0 ? 1 : theirs
  if (spoken < ours - 1) return 'older'
  return spoken > ours + 1 ? 'newer' : null
}

/** The kinds that an agent knows, from its hello; words that this side does not know are left as they are. */
export function knownKinds(named: readonly string[]): ReadonlySet<string> {
  return new Set(named.length === 0 ? FIRST_KINDS : named)
}

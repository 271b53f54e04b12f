import { gives, type Loose, looseMap, looseNumber, looseText } from '../loose.ts'
import type { Report } from '../report.ts'
import { membersOf } from './members.ts'

/** Durability against the standbys that there are, and what has no effect with it. */
export function checkDurability(cluster: Loose, report: Report): void {
  const durability = looseText(cluster, 'durability') ?? 'async'
  if (durability === 'sync' || durability === 'strict-sync') checkSynchronous({ cluster, durability, report })
  else checkAsynchronous(cluster, report)
  if (looseText(cluster, 'watchdog') === 'required') {
    report({
      code: 'watchdog-required',
      message: 'a member whose host has no watchdog device never becomes primary, even if no other is left',
      path: [...cluster.path, 'watchdog'],
      hint: 'See that every host has /dev/watchdog or can load `softdog`, which a container cannot; or set `watchdog: automatic`.',
      severity: 'warning',
    })
  }
}

function checkSynchronous({
  cluster,
  durability,
  report,
}: {
  readonly cluster: Loose
  readonly durability: 'sync' | 'strict-sync'
  readonly report: Report
}): void {
  const members = membersOf(cluster)
  const synchronous = looseMap(cluster, 'synchronous')
  const standbys = looseNumber(synchronous, 'standbys') ?? 1
  if (members === 1) {
    report({
      code: 'sync-needs-standby',
      message: `durability \`${durability}\` needs a standby to confirm each commit, but the cluster has one member`,
      path: [...cluster.path, 'durability'],
      hint: 'Set `members: 3` (or at least 2), or `durability: async`. Replica groups never confirm a commit.',
    })
  } else if (standbys > members - 1) {
    report({
      code: 'too-few-standbys',
      message: `${standbys} standbys cannot confirm a commit: beside the primary the cluster has ${members === 2 ? 'only one' : members - 1}`,
      path: [...synchronous.path, 'standbys'],
      hint: `Set \`members: ${standbys + 1}\` or more, or \`standbys: ${members - 1}\`. Replica groups never confirm a commit.`,
      severity: durability === 'strict-sync' ? 'error' : 'warning',
    })
  }
  if (members === 2 && durability === 'strict-sync') {
    report({
      code: 'writes-stop',
      message: 'with two members and `strict-sync`, losing either of them stops all writes',
      path: [...cluster.path, 'durability'],
      hint: 'Set `members: 3`, or `durability: sync`.',
      severity: 'warning',
    })
  }
  if (gives(cluster, 'standbyOf')) {
    report({
      code: 'durability-of-standby-cluster',
      message: `durability \`${durability}\` has no effect in a standby cluster: commits are made in the cluster that it follows`,
      path: [...cluster.path, 'durability'],
      hint: 'Set it there.',
      severity: 'warning',
    })
  }
  if (gives(cluster, 'failoverLag')) {
    report({
      code: 'unused-failover-lag',
      message: `\`failoverLag\` has no effect with durability \`${durability}\`: only a standby that confirmed every commit takes over`,
      path: [...cluster.path, 'failoverLag'],
      hint: 'Remove it, or set `durability: async`.',
      severity: 'warning',
    })
  }
}

function checkAsynchronous(cluster: Loose, report: Report): void {
  const synchronous = looseMap(cluster, 'synchronous')
  for (const key of Object.keys(synchronous.values)) {
    report({
      code: 'unused-synchronous',
      message: `\`synchronous.${key}\` has no effect with durability \`async\`: no commit waits for a standby`,
      path: [...synchronous.path, key],
      hint: 'Set `durability: sync`, or remove it.',
      severity: 'warning',
    })
  }
}

import { type Loose, looseList, looseMap, looseText } from './loose.ts'
import type { Report } from './report.ts'

/** Member counts against durability, placement and isolation of one cluster. */
export function checkTopology(cluster: Loose, report: Report): void {
  const members = cluster.values['members'] ?? 3
  const durability = looseText(cluster, 'durability') ?? 'async'
  if (typeof members !== 'number') return
  const synchronous = durability === 'sync' || durability === 'strict-sync'
  if (members === 1 && synchronous) {
    report({
      code: 'sync-needs-standby',
      message: `durability \`${durability}\` needs a standby to confirm each commit, but the cluster has one member`,
      path: [...cluster.path, 'durability'],
      hint: 'Set `members: 3` (or at least 2), or `durability: async`.',
    })
  }
  if (members === 1) {
    report({
      code: 'no-standby',
      message: 'the cluster has one member: nothing takes over when its node fails',
      path: [...cluster.path, 'members'],
      hint: 'Set `members: 3` for high availability.',
      severity: 'warning',
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
  checkPlacement({ cluster, members, report })
}

function checkPlacement({
  cluster,
  members,
  report,
}: {
  readonly cluster: Loose
  readonly members: number
  readonly report: Report
}): void {
  const placement = looseMap(cluster, 'placement')
  const nodes = looseList(placement, 'nodes')
  if (Array.isArray(placement.values['nodes']) && nodes.length !== members) {
    report({
      code: 'node-count',
      message: `\`placement.nodes\` names ${nodes.length} nodes for ${members} members`,
      path: [...placement.path, 'nodes'],
      hint: 'Name exactly one node for each member.',
    })
  }
  const seen = new Set<string>()
  for (const node of nodes) {
    const name = looseText(node, 'name') ?? ''
    if (seen.has(name))
      report({
        code: 'duplicate-node',
        message: `node \`${name}\` is named twice; a node holds one member of a cluster`,
        path: node.path,
        hint: 'Name another node.',
      })
    seen.add(name)
  }
  const spread = placement.values['spread']
  if (looseText(placement, 'isolation') === 'require' && Array.isArray(spread) && spread.length === 0) {
    report({
      code: 'isolation-without-spread',
      message: '`isolation: require` needs a label to isolate over, but `spread` is empty',
      path: [...placement.path, 'isolation'],
      hint: 'Set `spread: [zone]`, or `isolation: prefer`.',
    })
  }
}

import { MAX_PORT_BLOCK, ports } from '../../plan/render/ports.ts'
import { type Loose, looseList, looseMap, looseNumber, looseText, looseTexts } from '../loose.ts'
import type { Report } from '../report.ts'

/** Taken on nodes with an etcd member, which may be any. */
const ETCD_PORTS: readonly number[] = [2379, 2380]

interface Claim {
  readonly port: number
  readonly cluster: Loose
  readonly service: Loose
}

/** Ports of services: none that Drover takes itself, none twice where two could meet. */
export function checkServicePorts(clusters: readonly Loose[], report: Report): void {
  const claims = clusters.flatMap(cluster =>
    looseList(cluster, 'services').flatMap((service): readonly Claim[] => {
      const port = looseNumber(service, 'port')
      return port === undefined ? [] : [{ port, cluster, service }]
    }),
  )
  const taken = new Set(claims.map(({ port }) => port))
  for (const [index, claim] of claims.entries()) {
    checkOwn({ claim, taken, report })
    checkTarget(claim, report)
    const earlier = claims.slice(0, index).find(each => each.port === claim.port)
    if (earlier !== undefined) checkShared({ claim, earlier, taken, report })
  }
}

function checkOwn({
  claim: { port, service },
  taken,
  report,
}: {
  readonly claim: Claim
  readonly taken: ReadonlySet<number>
  readonly report: Report
}): void {
  const owner = OWN_PORTS.get(port)
  if (owner === undefined) return
  report({
    code: 'own-port',
    message: `port ${port} is Drover's own (${owner})`,
    path: [...service.path, 'port'],
    hint: `Port ${freePort(port, taken)} is free.`,
  })
}

function checkTarget({ port, service }: Claim, report: Report): void {
  if (service.values['target'] !== port) return
  report({
    code: 'service-to-itself',
    message: `the service leads to its own port ${port}, so every connection would go round in a circle`,
    path: [...service.path, 'target'],
    hint: 'Name the port of what is to answer, or `pooler` or `postgres`.',
  })
}

/** One service's port is open on every node of its cluster. Two clusters may have the same one as long as they share no node. */
function checkShared({
  claim: { port, cluster, service },
  earlier,
  taken,
  report,
}: {
  readonly claim: Claim
  readonly earlier: Claim
  readonly taken: ReadonlySet<number>
  readonly report: Report
}): void {
  const name = `\`${looseText(earlier.service, 'name') ?? '?'}\``
  const path = [...service.path, 'port']
  const hint = `Port ${freePort(port, taken)} is free.`
  if (earlier.cluster === cluster) {
    report({ code: 'duplicate-port', message: `port ${port} is that of service ${name} already`, path, hint })
    return
  }
  const other = `service ${name} of cluster \`${looseText(earlier.cluster, 'name') ?? '?'}\` has port ${port} too`
  const meeting = meetingOf(cluster, earlier.cluster)
  if (meeting === 'never') return
  report({
    code: 'duplicate-port',
    message:
      meeting === 'maybe'
        ? `${other}: no node can hold both clusters`
        : `${other}, and node \`${meeting.node}\` holds both clusters`,
    path,
    hint,
    severity: meeting === 'maybe' ? 'warning' : 'error',
  })
}

/** Whether two clusters share a node, as far as the file names nodes. */
function meetingOf(left: Loose, right: Loose): 'never' | 'maybe' | { readonly node: string } {
  const [mine, theirs] = [left, right].map(cluster => {
    const owners = [looseMap(cluster, 'placement'), ...looseList(cluster, 'replicas')]
    return {
      nodes: owners.flatMap(owner => looseTexts(owner, 'nodes').map(({ text }) => text)),
      complete: owners.every(owner => Array.isArray(owner.values['nodes'])),
    }
  })
  const node = mine?.nodes.find(each => theirs?.nodes.includes(each))
  if (node !== undefined) return { node }
  return mine?.complete === true && theirs?.complete === true ? 'never' : 'maybe'
}

const OWN_PORTS: ReadonlyMap<number, string> = new Map([
  ...Array.from({ length: MAX_PORT_BLOCK + 1 }, (_, block) =>
    Object.entries(ports(block)).map(
      ([use, port]) => [port, block === 0 ? words(use) : `${words(use)} in port block ${block}`] as const,
    ),
  ).flat(),
  ...ETCD_PORTS.map(port => [port, 'etcd'] as const),
])

/** `writeHop` as `write hop`. */
function words(use: string): string {
  return use.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

/** The next port up that nobody has. */
function freePort(port: number, taken: ReadonlySet<number>): number {
  let free = port + 1
  while (OWN_PORTS.has(free) || taken.has(free)) free += 1
  return free
}

import { didYouMean } from '../../../shared/domain/closest-word.ts'
import { HOT_STANDBY_SETTINGS } from '../../plan/tuning/hot-standby-settings.ts'
import { gives, givesSome, type Loose, looseMap, looseNumber, looseText, names } from '../loose.ts'
import type { Report } from '../report.ts'

/** Each step adds to the lag, and a fault at the top is a fault of everything below. */
const DEEPEST_CHAIN = 3

/** What a standby cluster gets from its source, byte for byte, and therefore cannot have of its own. */
const REPLICATED = ['users', 'databases', 'template', 'privileges'] as const

/** Standby clusters: a source that exists, no circle, no long chain, and nothing of its own that only a primary can make. */
export function checkStandbyClusters(clusters: readonly Loose[], report: Report): void {
  const inCircle = new Set<Loose>()
  for (const cluster of clusters) {
    if (!gives(cluster, 'standbyOf')) continue
    checkOwn(cluster, report)
    const source = checkSource({ cluster, clusters, report })
    if (source === undefined || inCircle.has(cluster)) continue
    const chain = chainOf(cluster, clusters)
    if (chain.at(-1) === cluster) {
      for (const each of chain) inCircle.add(each)
      reportCircle({ cluster, chain, report })
      continue
    }
    checkAgreement({ cluster, source, report })
    const endless = new Set(chain).size < chain.length
    if (!endless && chain.length - 1 === DEEPEST_CHAIN + 1) reportDepth({ cluster, chain, report })
  }
}

/** The cluster that this one follows; undefined when it follows none, or one that the file does not have. */
export function sourceOf(cluster: Loose, clusters: readonly Loose[]): Loose | undefined {
  const name = looseText(looseMap(cluster, 'standbyOf'), 'cluster')
  return name === undefined ? undefined : clusters.find(each => looseText(each, 'name') === name)
}

/** This cluster, the one it follows, and so on; ends where nothing is followed, or with the first that is there already. */
export function chainOf(cluster: Loose, clusters: readonly Loose[]): readonly Loose[] {
  const chain = [cluster]
  for (let next = sourceOf(cluster, clusters); next !== undefined; next = sourceOf(next, clusters)) {
    const seen = chain.includes(next)
    chain.push(next)
    if (seen) break
  }
  return chain
}

function checkOwn(cluster: Loose, report: Report): void {
  const source = looseText(looseMap(cluster, 'standbyOf'), 'cluster') ?? '?'
  for (const key of REPLICATED) {
    const given = cluster.values[key]
    if (key === 'template' ? !hasTemplate(cluster) : !givesSome(cluster, key)) continue
    report({
      code: 'standby-has-own',
      message: `a standby cluster has no \`${key}\` of its own: it is a copy of \`${source}\`, and what is declared there comes by replication`,
      path: [...cluster.path, key],
      hint: `Move ${Array.isArray(given) ? 'them' : 'it'} to cluster \`${source}\`.`,
    })
  }
}

function hasTemplate(cluster: Loose): boolean {
  const template = looseMap(cluster, 'template')
  return givesSome(template, 'schemas') || givesSome(template, 'extensions')
}

function checkSource({
  cluster,
  clusters,
  report,
}: {
  readonly cluster: Loose
  readonly clusters: readonly Loose[]
  readonly report: Report
}): Loose | undefined {
  const standbyOf = looseMap(cluster, 'standbyOf')
  const wanted = looseText(standbyOf, 'cluster')
  const path = [...standbyOf.path, 'cluster']
  if (wanted === undefined) return undefined
  if (wanted === looseText(cluster, 'name')) {
    report({
      code: 'standby-of-itself',
      message: `cluster \`${wanted}\` cannot follow itself`,
      path,
      hint: 'Name another cluster of the file, or remove `standbyOf`.',
    })
    return undefined
  }
  const source = sourceOf(cluster, clusters)
  if (source === undefined) {
    const others = names(clusters).filter(name => name !== looseText(cluster, 'name'))
    report({
      code: 'unknown-cluster',
      message: `\`standbyOf\` names \`${wanted}\`, which is no cluster of this file`,
      path,
      hint:
        didYouMean(wanted, others) ??
        'A standby cluster follows a cluster of the same fleet: declare it under `clusters`.',
    })
  }
  return source
}

function checkAgreement({
  cluster,
  source,
  report,
}: {
  readonly cluster: Loose
  readonly source: Loose
  readonly report: Report
}): void {
  const name = looseText(source, 'name') ?? '?'
  const [own, theirs] = [looseNumber(cluster, 'postgresVersion'), looseNumber(source, 'postgresVersion')]
  if (own !== undefined && theirs !== undefined && own !== theirs) {
    report({
      code: 'standby-version',
      message: `a standby cluster has the PostgreSQL of its source: \`${name}\` has ${theirs}, not ${own}`,
      path: [...cluster.path, 'postgresVersion'],
      hint: `Set \`postgresVersion: ${theirs}\`.`,
    })
  }
  const [parameters, sources] = [looseMap(cluster, 'parameters'), looseMap(source, 'parameters')]
  for (const setting of HOT_STANDBY_SETTINGS) {
    const [here, there] = [looseNumber(parameters, setting), looseNumber(sources, setting)]
    if (here === undefined || there === undefined || here >= there) continue
    report({
      code: 'standby-setting',
      message: `PostgreSQL does not start a standby whose \`${setting}\` (${here}) is lower than its source's (${there} in \`${name}\`)`,
      path: [...parameters.path, setting],
      hint: `Set it to ${there} or more.`,
    })
  }
}

function reportCircle({
  cluster,
  chain,
  report,
}: {
  readonly cluster: Loose
  readonly chain: readonly Loose[]
  readonly report: Report
}): void {
  report({
    code: 'standby-cycle',
    message: `\`standbyOf\` goes in a circle, so that no cluster takes writes: ${names(chain).join(' → ')}`,
    path: [...cluster.path, 'standbyOf'],
    hint: 'Remove `standbyOf` from the cluster that is to take writes.',
  })
}

function reportDepth({
  cluster,
  chain,
  report,
}: {
  readonly cluster: Loose
  readonly chain: readonly Loose[]
  readonly report: Report
}): void {
  report({
    code: 'standby-chain',
    message: `a chain of ${chain.length - 1} standby clusters is too long, the most is ${DEEPEST_CHAIN}: ${names(chain).join(' → ')}`,
    path: [...cluster.path, 'standbyOf', 'cluster'],
    hint: `Let it follow \`${names(chain)[2] ?? '?'}\` itself.`,
  })
}

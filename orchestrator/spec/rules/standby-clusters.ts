import { gives, givesSome, type Loose, looseMap, looseText } from '../loose.ts'
import type { Report } from '../report.ts'
import { circlesOf, wayText } from './circles.ts'
import { checkStandbyAgreement } from './standby-agreement.ts'
import { suggestion } from './suggestion.ts'

/** Each step adds to the lag, and a fault at the top is a fault of everything below. */
const DEEPEST_CHAIN = 3

/** What a standby cluster gets from its source, byte for byte, and therefore cannot have of its own. */
const REPLICATED = ['users', 'databases', 'template', 'privileges'] as const

export type ClustersByName = ReadonlyMap<string, Loose>

/** Standby clusters: a source that exists, no circle, no long chain, and nothing of its own that only a primary can make. */
export function checkStandbyClusters(clusters: ClustersByName, report: Report): void {
  for (const [name, cluster] of clusters) {
    if (!gives(cluster, 'standbyOf')) continue
    checkOwn(cluster, report)
    const source = checkSource({ name, cluster, clusters, report })
    if (source === undefined) continue
    checkStandbyAgreement({ cluster, source, report })
    checkDepth({ cluster, clusters, report })
  }
  checkCircles(clusters, report)
}

/** The cluster that takes the writes of this one; itself, unless it is a standby cluster. */
export function originOf(cluster: Loose, clusters: ClustersByName): Loose {
  const name = chainOf(cluster, clusters).at(-1)
  return (name === undefined ? undefined : clusters.get(name)) ?? cluster
}

/** Names of this cluster, the one it follows, and so on: one more than is allowed at most, so that circles end. */
function chainOf(cluster: Loose, clusters: ClustersByName): readonly string[] {
  const chain = [looseText(cluster, 'name') ?? '']
  for (let next = sourceNameOf(cluster); next !== undefined && clusters.has(next); ) {
    chain.push(next)
    if (chain.length > DEEPEST_CHAIN + 2) break
    const source = clusters.get(next)
    next = source === undefined ? undefined : sourceNameOf(source)
  }
  return chain
}

function sourceNameOf(cluster: Loose): string | undefined {
  return looseText(looseMap(cluster, 'standbyOf'), 'cluster')
}

function checkOwn(cluster: Loose, report: Report): void {
  const source = sourceNameOf(cluster) ?? '?'
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
  name,
  cluster,
  clusters,
  report,
}: {
  readonly name: string
  readonly cluster: Loose
  readonly clusters: ClustersByName
  readonly report: Report
}): Loose | undefined {
  const wanted = sourceNameOf(cluster)
  if (wanted === undefined) return undefined
  const path = [...cluster.path, 'standbyOf', 'cluster']
  if (wanted === name) {
    report({
      code: 'standby-of-itself',
      message: `cluster \`${wanted}\` cannot follow itself`,
      path,
      hint: 'Name another cluster of the file, or remove `standbyOf`.',
    })
    return undefined
  }
  const source = clusters.get(wanted)
  if (source === undefined) {
    report({
      code: 'unknown-cluster',
      message: `\`standbyOf\` names \`${wanted}\`, which is no cluster of this file`,
      path,
      hint:
        suggestion(wanted, new Set([...clusters.keys()].filter(each => each !== name))) ??
        'A standby cluster follows a cluster of the same fleet: declare it under `clusters`.',
    })
  }
  return source
}

/** Told of the first that is too deep only; what follows it is deeper still. */
function checkDepth({
  cluster,
  clusters,
  report,
}: {
  readonly cluster: Loose
  readonly clusters: ClustersByName
  readonly report: Report
}): void {
  const chain = chainOf(cluster, clusters)
  if (chain.length - 1 !== DEEPEST_CHAIN + 1) return
  report({
    code: 'standby-chain',
    message: `a chain of ${chain.length - 1} standby clusters is too long, the most is ${DEEPEST_CHAIN}: ${wayText(chain)}`,
    path: [...cluster.path, 'standbyOf', 'cluster'],
    hint: `Let it follow \`${chain[2] ?? '?'}\` itself.`,
  })
}

function checkCircles(clusters: ClustersByName, report: Report): void {
  const sources = [...clusters].map(([name, cluster]) => {
    const source = sourceNameOf(cluster)
    return [name, source === undefined || source === name ? [] : [source]] as const
  })
  for (const circle of circlesOf(new Map(sources))) {
    report({
      code: 'standby-cycle',
      message: `\`standbyOf\` goes in a circle, so that no cluster takes writes: ${wayText(circle)}`,
      path: [...(clusters.get(circle[0] ?? '')?.path ?? []), 'standbyOf'],
      hint: 'Remove `standbyOf` from the cluster that is to take writes.',
    })
  }
}

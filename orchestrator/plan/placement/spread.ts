import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { plural } from '../problems.ts'

export interface SpreadInput {
  readonly candidates: readonly SnapshotNode[]
  /** Nodes that hold members already. */
  readonly taken: readonly SnapshotNode[]
  readonly count: number
  /** Label keys from wide to narrow. */
  readonly keys: readonly string[]
  /** Members of anything that a node holds, before this choice. */
  readonly load: (node: SnapshotNode) => number
  /** No domain of these keys gets more than `most` while nodes elsewhere are left. */
  readonly cap?: { readonly keys: readonly string[]; readonly most: number }
}

export interface Choice {
  readonly node: SnapshotNode
  readonly because: string
  /** Why each other candidate came second at this moment. */
  readonly passedOver: readonly { readonly node: SnapshotNode; readonly because: string }[]
}

/**
 * Chooses nodes one by one: the widest domain with the fewest members first, then the narrower ones inside it, then the
 * least loaded node, then the name. Choosing the emptiest domain each time keeps the counts as even as the nodes allow.
 * May return fewer than asked.
 */
export function chooseSpread(input: SpreadInput): readonly Choice[] {
  const choices: Choice[] = []
  const taken = [...input.taken]
  let rest = [...input.candidates]
  while (choices.length < input.count && rest.length > 0) {
    const ranked = open(rest, taken, input)
      .map(node => rank({ node, taken, input }))
      .sort(compareRanks)
    const [best, ...others] = ranked
    if (best === undefined) break
    choices.push({
      node: best.node,
      because: becauseOf({ best, others, keys: input.keys }),
      passedOver: others.map(other => ({ node: other.node, because: behind({ other, best, keys: input.keys }) })),
    })
    taken.push(best.node)
    rest = rest.filter(node => node.id !== best.node.id)
  }
  return choices
}

/** What is left in domains that may have more; everything when there is none. */
function open(
  rest: readonly SnapshotNode[],
  taken: readonly SnapshotNode[],
  { cap }: SpreadInput,
): readonly SnapshotNode[] {
  if (cap === undefined) return rest
  const below = rest.filter(
    node => taken.filter(other => domainOf(other, cap.keys) === domainOf(node, cap.keys)).length < cap.most,
  )
  return below.length === 0 ? rest : below
}

/** The failure domain of a node down to a key: labels of all wider keys belong to it, since rack 1 of two zones are two racks. */
export function domainOf(node: SnapshotNode, keys: readonly string[]): string {
  return keys.map(key => `${key} ${node.labels[key] ?? 'unlabelled'}`).join(', ')
}

/** The same in words for people: without the wider labels that the node does not have. */
export function domainName(node: SnapshotNode | undefined, keys: readonly string[]): string {
  const named = keys.flatMap((key, index) => {
    const value = node?.labels[key]
    if (value !== undefined) return [`${key} ${value}`]
    return index === keys.length - 1 ? [`no ${key}`] : []
  })
  return named.join(', ')
}

/** As the subject or the place of a sentence: `zone a`, or the nodes that have none. */
export function domainPhrase(node: SnapshotNode | undefined, key: string): string {
  const value = node?.labels[key]
  return value === undefined ? `the part without a ${key}` : `${key} ${value}`
}

interface Rank {
  readonly node: SnapshotNode
  readonly members: readonly number[]
  readonly load: number
}

function rank({
  node,
  taken,
  input,
}: {
  readonly node: SnapshotNode
  readonly taken: readonly SnapshotNode[]
  readonly input: SpreadInput
}): Rank {
  const members = input.keys.map((_, index) => {
    const keys = input.keys.slice(0, index + 1)
    return taken.filter(other => domainOf(other, keys) === domainOf(node, keys)).length
  })
  return { node, members, load: input.load(node) }
}

function compareRanks(left: Rank, right: Rank): number {
  for (const [index, count] of left.members.entries()) {
    const difference = count - (right.members[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.load - right.load || compareNames(left.node.name, right.node.name)
}

/** `node-2` before `node-10`; independent of any locale. */
export function compareNames(left: string, right: string): number {
  const pad = (name: string): string => name.replaceAll(/\d+/g, digits => digits.padStart(12, '0'))
  const [first, second] = [pad(left), pad(right)]
  if (first === second) return left < right ? -1 : Number(left > right)
  return first < second ? -1 : 1
}

function becauseOf({
  best,
  others,
  keys,
}: {
  readonly best: Rank
  readonly others: readonly Rank[]
  readonly keys: readonly string[]
}): string {
  const labelled = keys.filter(key => best.node.labels[key] !== undefined)
  const domain = labelled.length === 0 ? 'no failure-domain labels' : domainOf(best.node, labelled)
  const load = best.load === 0 ? 'holds nothing yet' : `holds ${plural(best.load, 'instance')}`
  return others.length === 0
    ? `the only node left; ${domain}; ${load}`
    : `${domain}; ${load}; first of ${plural(others.length + 1, 'node')}`
}

function behind({
  other,
  best,
  keys,
}: {
  readonly other: Rank
  readonly best: Rank
  readonly keys: readonly string[]
}): string {
  for (const [index, count] of other.members.entries()) {
    if (count > (best.members[index] ?? 0)) {
      return `${domainPhrase(other.node, keys[index] ?? '')} holds ${plural(count, 'member')} already, that of ${best.node.name} ${best.members[index] ?? 0}`
    }
  }
  if (other.load > best.load) return `holds ${plural(other.load, 'instance')}, ${best.node.name} ${best.load}`
  return `as good as ${best.node.name}, which comes first by name`
}

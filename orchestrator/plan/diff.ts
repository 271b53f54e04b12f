import type { ItemKind, Manifest } from '../../shared/domain/manifest.ts'
import type { Change, ChangeReason, ChangeVerb } from '../../shared/domain/plan.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import { equal } from './equal.ts'

/** One item in which two manifests of a node differ. */
export interface ItemDifference {
  readonly verb: ChangeVerb
  readonly kind: ItemKind | 'watches'
  readonly name: string
}

/** Desired against last applied, item by item. */
export function manifestDifferences(before: Manifest | undefined, after: Manifest): readonly ItemDifference[] {
  return KINDS.flatMap(({ kind, items }) => {
    const old = new Map(before === undefined ? [] : items(before))
    const wanted = new Map(items(after))
    const changed = [...wanted].flatMap(([name, item]): readonly ItemDifference[] => {
      if (!old.has(name)) return [{ verb: 'create', kind, name }]
      return equal(old.get(name), item) ? [] : [{ verb: 'update', kind, name }]
    })
    const gone = [...old.keys()]
      .filter(name => !wanted.has(name))
      .map(name => ({ verb: 'remove' as const, kind, name }))
    return [...changed, ...gone]
  }).concat(newLeftovers(before, after))
}

/** Said once, when they go. */
function newLeftovers(before: Manifest | undefined, after: Manifest): readonly ItemDifference[] {
  const old = new Set((before?.leftovers ?? []).map(({ path }) => path))
  return (after.leftovers ?? [])
    .filter(({ path }) => !old.has(path))
    .map(({ path }) => ({ verb: 'remove', kind: 'leftover', name: path }))
}

/** True when nothing that is there already changes, so that nothing that runs can notice. */
export function isAdditive(differences: readonly ItemDifference[]): boolean {
  return differences.every(({ verb, kind }) => verb === 'create' || kind === 'watches')
}

/** Drift that an agent reported, as changes that the next converge makes. */
export function driftChanges(node: SnapshotNode): readonly Change[] {
  if (node.drifted !== true) return []
  const items = node.observation?.drift?.items ?? []
  if (items.length === 0) return [{ verb: 'update', subject: 'drifted items', reason: 'drifted', node: node.name }]
  return items.map(({ kind, name, detail }) => ({
    verb: 'update',
    subject: `${kind} ${name}`,
    reason: 'drifted',
    node: node.name,
    detail,
  }))
}

/** Above this many of one kind, a change stands for all of them. */
const LISTED_ONE_BY_ONE = 3

export interface DifferenceContext {
  readonly node: string
  reasonOf(difference: ItemDifference): ChangeReason
}

export function differenceChanges(
  differences: readonly ItemDifference[],
  context: DifferenceContext,
): readonly Change[] {
  const groups = Map.groupBy(
    differences.filter(({ kind }) => kind !== 'watches'),
    difference => `${difference.verb} ${difference.kind} ${context.reasonOf(difference)}`,
  )
  return [...groups.values()].flatMap((group): readonly Change[] => {
    const [first] = group
    if (first === undefined) return []
    const reason = context.reasonOf(first)
    if (group.length > LISTED_ONE_BY_ONE) {
      const plural = first.kind === 'directory' ? 'directories' : `${first.kind}s`
      const change: Change = { verb: first.verb, subject: `${group.length} ${plural}`, reason, node: context.node }
      return [first.kind === 'package' ? { ...change, detail: group.map(({ name }) => name).join(', ') } : change]
    }
    return group.map(({ verb, kind, name }) => ({ verb, subject: `${kind} ${name}`, reason, node: context.node }))
  })
}

type Named = readonly (readonly [string, unknown])[]

const KINDS: readonly { readonly kind: ItemDifference['kind']; readonly items: (manifest: Manifest) => Named }[] = [
  {
    kind: 'package-source',
    items: ({ packageSource }) => (packageSource === undefined ? [] : [[packageSource.suite, packageSource]]),
  },
  { kind: 'package', items: ({ packages }) => packages.map(item => [item.name, item]) },
  { kind: 'runtime', items: ({ runtimes = [] }) => runtimes.map(item => [item.id, item]) },
  { kind: 'user', items: ({ users }) => users.map(item => [item.name, item]) },
  { kind: 'directory', items: ({ directories }) => directories.map(item => [item.path, item]) },
  { kind: 'certificate', items: ({ certificates }) => certificates.map(item => [item.name, item]) },
  { kind: 'file', items: ({ files }) => files.map(item => [item.path, item]) },
  { kind: 'link', items: ({ links = [] }) => links.map(item => [item.path, item]) },
  { kind: 'unit', items: ({ units }) => units.map(item => [item.name, item]) },
  { kind: 'watches', items: ({ watches }) => [['watches', watches]] },
]

import type { Manifest } from '../../shared/domain/manifest.ts'
import type { PlanStep } from '../../shared/domain/plan.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import { equal } from './equal.ts'
import type { NodeWork } from './node-work.ts'

/** Takes each node from manifest to manifest; a manifest that it has already is no step. */
export class ManifestWalk {
  readonly #current: Map<string, Manifest | undefined>

  constructor(nodes: readonly NodeWork[]) {
    this.#current = new Map(nodes.map(({ node, current }) => [node.id, current]))
  }

  to({ node, led, prepared, final }: NodeWork, manifest: Manifest): readonly PlanStep[] {
    const had = this.#current.get(node.id)
    // A node that an interrupted apply left with its first primary started, or without a member that left, does not go back.
    const isBehind = (equal(had, led) && equal(manifest, prepared)) || equal(had, final)
    return isBehind ? [] : this.#step(node, had, manifest)
  }

  /** From what it has now, whatever else is to become of it later. */
  alter({ node }: NodeWork, change: (manifest: Manifest) => Manifest): readonly PlanStep[] {
    const had = this.#current.get(node.id) ?? node.manifest
    return had === undefined ? [] : this.#step(node, had, change(had))
  }

  #step({ id }: SnapshotNode, had: Manifest | undefined, manifest: Manifest): readonly PlanStep[] {
    if (equal(had, manifest)) return []
    this.#current.set(id, manifest)
    return [{ kind: 'converge', nodeId: id, manifest, final: false }]
  }
}

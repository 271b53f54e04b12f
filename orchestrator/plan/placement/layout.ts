import type { PlacementLayout } from '../../../shared/domain/plan.ts'
import type { Allocations, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { labelLevels } from './label-levels.ts'
import { RESOURCES } from './resources.ts'
import { type Scene, sceneOf } from './scene.ts'
import type { Seat } from './seats.ts'

/** Where everything ends up, every node by name: its voter, its instances, and how much of it they take. */
export function layoutOf(input: {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}): PlacementLayout {
  const scene = sceneOf(input)
  const voters = new Map((input.allocations.etcd?.members ?? []).map(({ name, nodeId }) => [nodeId, name]))
  return {
    levels: labelLevels(input.spec, input.snapshot.nodes),
    nodes: scene.ledger.fleet.nodes.map((node, index) => {
      const voter = voters.get(node.id)
      return {
        node: node.name,
        labels: node.labels,
        ...(voter === undefined ? {} : { voter }),
        instances: instancesOn(index, scene),
        load: loadOf(index, scene),
      }
    }),
  }
}

function instancesOn(node: number, { ledger }: Scene): PlacementLayout['nodes'][number]['instances'] {
  return ledger
    .seatsOn(node)
    .flatMap(seat =>
      seat.exists === undefined || seat.cluster.gone
        ? []
        : [{ instance: seat.exists.instance, cluster: seat.cluster.spec.name, purpose: purposeOf(seat, ledger) }],
    )
}

/** The one that the others of a standby cluster follow takes no writes. */
function purposeOf(
  seat: Seat,
  ledger: Scene['ledger'],
): PlacementLayout['nodes'][number]['instances'][number]['purpose'] {
  const purpose = ledger.purposeOf(seat)
  return purpose === 'primary' && seat.cluster.spec.standbyOf !== undefined ? 'standby-leader' : purpose
}

/** Of what the node is known to have. */
function loadOf(node: number, { ledger }: Scene): PlacementLayout['nodes'][number]['load'] {
  const capacity = ledger.fleet.capacities[node] ?? {}
  return Object.fromEntries(
    RESOURCES.flatMap((resource, index) => {
      const has = capacity[resource]
      return has === undefined || has <= 0 ? [] : [[resource, ledger.used(node, index) / has]]
    }),
  )
}

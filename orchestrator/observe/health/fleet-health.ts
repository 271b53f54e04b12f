import type { Finding } from '../../../shared/domain/health.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { FactsStore } from '../../inventory/facts-store.ts'
import type { FleetState } from '../../inventory/fleet-state.ts'
import type { LiveNode, LiveNodes } from '../../inventory/live-nodes.ts'
import type { NodeRegistry } from '../../inventory/node-registry.ts'
import { createFindingAges } from './finding-ages.ts'
import { findings } from './findings.ts'
import { type HealthNode, type HealthView, thresholdsOf } from './health-view.ts'

/** What is not well now. Status, metrics and the guards of operations ask here. */
export interface FleetHealth {
  findings(): Promise<readonly Finding[]>
}

/** An agent reports at least each ten seconds. */
const FRESH_MS = 15_000

export function createFleetHealth(sources: {
  readonly registry: NodeRegistry
  readonly live: LiveNodes
  readonly facts: FactsStore
  readonly state: FleetState
  readonly clock: Pick<Clock, 'now'>
}): FleetHealth {
  const { registry, live, facts, state, clock } = sources
  const ages = createFindingAges()

  async function view(): Promise<HealthView> {
    const [records, allFacts, allocations, spec] = await Promise.all([
      registry.list(),
      facts.all(),
      state.allocations(),
      state.appliedSpec(),
    ])
    const now = clock.now()
    const nodes = records
      .filter(record => record.state !== 'removed' && record.state !== 'pending')
      .map(({ id, name }): HealthNode => {
        const stored = allFacts.get(id)?.facts
        return { id, name, ...(stored === undefined ? {} : { facts: stored }), ...seen(live.get(id), now) }
      })
    const left = (spec?.clusters ?? []).flatMap(cluster => cluster.left ?? [])
    return { now, nodes, allocations, left, thresholds: thresholdsOf(spec) }
  }

  return {
    async findings() {
      const now = await view()
      return ages.stamp(findings(now), now.now)
    },
  }
}

function seen(node: LiveNode, now: number): Pick<HealthNode, 'observation' | 'clockOffsetMs'> {
  const { connected, observation, clockOffsetMs } = node
  const isFresh = connected && observation !== undefined && now - observation.receivedAt <= FRESH_MS
  return {
    ...(isFresh ? { observation: observation.content } : {}),
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
  }
}

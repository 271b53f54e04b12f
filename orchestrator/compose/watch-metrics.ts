import type { Operations } from '../operation/operations.ts'
import type { Core } from './core.ts'

const LATEST = 100

/** Lets the metrics ask the core at each scrape. */
export function watchMetrics(core: Core, operations: Operations): void {
  const { metrics, registry, live, sessions, store, health } = core
  metrics.watch({
    nodesByState: async () => count((await registry.list()).map(record => live.state(record.id, record.state))),
    operationsByState: async () => count((await operations.list(LATEST)).map(({ state }) => state)),
    sessions: () => sessions.size,
    findings: () => health.findings(),
    storeRevision: () => store.revision(),
  })
}

function count(states: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1)
  return counts
}

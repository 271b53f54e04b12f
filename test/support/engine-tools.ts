import { EventLog } from '../../orchestrator/events/event-log.ts'
import type { EngineTools } from '../../orchestrator/operation/engine.ts'
import { createEventStory } from '../../orchestrator/operation/event-story.ts'
import { createJournal } from '../../orchestrator/operation/journal.ts'
import type { OperationRecord } from '../../orchestrator/operation/record.ts'
import type { Store } from '../../orchestrator/store/store.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createLog } from '../../shared/lib/log.ts'

/** An operation that nobody has begun yet. */
export const TEST_OPERATION: OperationRecord = {
  id: 'op-1',
  kind: 'test',
  subject: 'pg-main',
  clusters: ['pg-main'],
  locks: ['cluster/pg-main'],
  requestedBy: 'ops',
  createdAt: 0,
  status: { state: 'pending' },
  pivoted: false,
}

/** The engine's tools over a real store; whatever reaches a fleet is missing. Sleeping takes no time. */
export function engineTools(store: Store, changes: Partial<EngineTools> = {}): EngineTools {
  const story = createEventStory(new EventLog({ store, clock: systemClock }))
  const unused = () => {
    throw new Error('no step of these stories needs it')
  }
  return {
    runner: { run: unused, forget: async () => undefined, operations: async () => new Set() },
    fleet: {
      snapshot: unused,
      observations: () => new Map(),
      observed: unused,
      lookAgain: unused,
      agent: unused,
      nodeNames: async () => new Map(),
      recordManifest: unused,
      putNodeState: unused,
      disconnect: unused,
      manifest: unused,
      manifests: unused,
      campaignControl: unused,
      heldReleases: unused,
      releaseNotes: unused,
      putAllocations: unused,
      putBootstrapped: unused,
      forgetBootstrapped: unused,
      putFsync: unused,
      putExplanations: unused,
      putAppliedSpec: unused,
      putAppliedSettings: unused,
    },
    children: { begin: unused, find: unused, running: unused, ended: unused },
    health: { findings: unused },
    shelf: { offers: unused, closure: unused, fill: unused },
    secrets: { resolve: unused } as unknown as EngineTools['secrets'],
    clock: { ...systemClock, sleep: async (_, signal) => signal.throwIfAborted() },
    journal: createJournal(store, story),
    story,
    log: createLog({ level: 'silent' }),
    ...changes,
  }
}

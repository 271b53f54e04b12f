import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../shared/lib/clock.ts'
import { type Failpoints, NO_FAILPOINTS } from '../../shared/lib/failpoint.ts'
import type { Log } from '../../shared/lib/log.ts'
import { COMMAND_TYPE, signEnvelope } from '../../shared/signing/envelope.ts'
import { type Fleet, loadFleet } from '../ca/load-fleet.ts'
import type { OrchestratorConfig } from '../config.ts'
import { CommandJournal } from '../dispatch/command-journal.ts'
import { Dispatcher } from '../dispatch/dispatcher.ts'
import { SessionRegistry } from '../dispatch/session-registry.ts'
import { EventLog } from '../events/event-log.ts'
import { TokenStore } from '../inventory/enrolment/token-store.ts'
import { FACTS_PREFIX, FactsStore } from '../inventory/facts-store.ts'
import { FleetState, MANIFEST_PREFIX, SETTINGS_KEY, SPEC_KEY } from '../inventory/fleet-state.ts'
import { LiveNodes } from '../inventory/live-nodes.ts'
import { NodeAdmin } from '../inventory/node-admin.ts'
import { NodeRegistry } from '../inventory/node-registry.ts'
import { PLAN_BASES } from '../inventory/snapshot-builder.ts'
import { AuditLog } from '../observe/audit-log.ts'
import { createFleetHealth, type FleetHealth } from '../observe/health/fleet-health.ts'
import { Metrics } from '../observe/metrics.ts'
import { NodeAudit } from '../observe/node-audit.ts'
import { INPUTS_PREFIX } from '../operation/journal.ts'
import { SECRETS_PREFIX } from '../operation/secrets.ts'
import { type Leadership, takeLeadership } from '../store/election.ts'
import { createEncryptedStore } from '../store/encrypted-store.ts'
import { createFailingStore } from '../store/failing-store.ts'
import { createFencedStore } from '../store/fenced-store.ts'
import { createRememberingStore } from '../store/remembering-store.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import type { Store } from '../store/store.ts'

/** Command envelopes and token verifiers: encrypted at rest beside the passwords. */
const SEALED_PREFIX = 'sealed/'
const STORE_FILE = 'store.db'
/** What every look at the fleet as a whole reads. */
const REMEMBERED = [...PLAN_BASES, FACTS_PREFIX, SETTINGS_KEY]
/** A silent node has missed three heartbeats. */
const MISSED_HEARTBEATS = 3

/** State and services without any listener: what the mesh, the API and the engine share. */
export interface Core {
  readonly fleet: Fleet
  readonly store: Store
  readonly leadership: Leadership
  /** Aborted when another orchestrator has taken over: nothing can be written any more. */
  readonly lost: AbortSignal
  readonly failpoints: Failpoints
  readonly audit: AuditLog
  readonly nodeAudit: NodeAudit
  readonly events: EventLog
  readonly registry: NodeRegistry
  readonly live: LiveNodes
  readonly facts: FactsStore
  readonly state: FleetState
  readonly tokens: TokenStore
  readonly admin: NodeAdmin
  readonly sessions: SessionRegistry
  readonly dispatcher: Dispatcher
  readonly metrics: Metrics
  readonly health: FleetHealth
  readonly silentAfterMs: number
  readonly clock: Clock
  readonly log: Log
}

export interface CoreOptions {
  readonly directory: string
  readonly config: OrchestratorConfig
  readonly clock: Clock
  readonly log: Log
  readonly failpoints?: Failpoints
  /** Default: one SQLite file in the folder. */
  readonly openStore?: () => Store
}

/** Opens the state folder. Throws `locked` when another orchestrator has it. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { directory, config, clock, log, failpoints = NO_FAILPOINTS } = options
  const open = options.openStore ?? (() => openSqliteStore({ path: join(directory, STORE_FILE), clock }))
  const fleet = await loadFleet({ directory, clock })
  const encrypted = createEncryptedStore({
    store: createFailingStore(open(), failpoints),
    prefixes: [SECRETS_PREFIX, SEALED_PREFIX, INPUTS_PREFIX, SPEC_KEY, MANIFEST_PREFIX],
    dataKey: fleet.dataKey,
  })
  const store = createRememberingStore(encrypted, REMEMBERED)
  try {
    return await assemble({ fleet, store, config, clock, log, failpoints })
  } catch (error) {
    await store.close()
    throw error
  }
}

async function assemble(parts: {
  readonly fleet: Fleet
  readonly store: Store
  readonly config: OrchestratorConfig
  readonly clock: Clock
  readonly log: Log
  readonly failpoints: Failpoints
}): Promise<Core> {
  const { fleet, config, clock, log, failpoints } = parts
  const silentAfterMs = config.heartbeatMs * MISSED_HEARTBEATS
  const leadership = await takeLeadership(parts.store, `${hostname()}:${process.pid}`)
  const { store, lost } = createFencedStore(parts.store, leadership)
  const audit = new AuditLog({ store, clock })
  const registry = new NodeRegistry(store)
  const metrics = new Metrics()
  const live = await LiveNodes.load({ store, clock, silentAfterMs })
  const facts = new FactsStore(store)
  const state = new FleetState(store)
  const sessions = new SessionRegistry({ probeMs: Math.min(2500, config.heartbeatMs * 2) })
  const superseded = (id: string) => sessions.end(id, 'another host has taken this identity over')
  return {
    fleet,
    store,
    leadership,
    lost,
    failpoints,
    audit,
    nodeAudit: new NodeAudit(store),
    events: new EventLog({ store, clock }),
    registry,
    live,
    facts,
    state,
    health: createFleetHealth({ registry, live, facts, state, clock }),
    tokens: new TokenStore({ store, encryptedPrefix: SEALED_PREFIX, clock, audit, pin: fleet.keySet.hash }),
    admin: new NodeAdmin({ registry, audit, superseded }),
    sessions,
    dispatcher: await Dispatcher.load({
      journal: new CommandJournal(store, SEALED_PREFIX),
      audit,
      signer: signerOf(fleet),
      clock,
      fleetId: fleet.id,
      leaderEpoch: leadership.epoch,
      log,
      metrics,
      failpoints,
    }),
    metrics,
    silentAfterMs,
    clock,
    log,
  }
}

function signerOf(fleet: Fleet) {
  return {
    keysetVersion: fleet.keySet.keySet.version,
    sign: (payload: Uint8Array) =>
      signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: [fleet.signer.privateKey] }),
  }
}

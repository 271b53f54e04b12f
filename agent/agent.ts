import type { Evidence } from '../proto/gen/drover/v1/Evidence.ts'
import { DroverError } from '../shared/domain/errors.ts'
import type { NodeFacts } from '../shared/domain/facts.ts'
import type { DriftReport } from '../shared/domain/observation.ts'
import { linkedController } from '../shared/lib/abort.ts'
import type { Clock } from '../shared/lib/clock.ts'
import { type Failpoints, NO_FAILPOINTS } from '../shared/lib/failpoint.ts'
import type { Log } from '../shared/lib/log.ts'
import { readPolicy } from './admission/read-policy.ts'
import type { AgentPaths } from './agent-paths.ts'
import { createExecutors } from './executors/index.ts'
import { createHeldPoolers } from './executors/pooler/held-poolers.ts'
import { collectFactsInChild, probeFsyncInChild } from './facts/facts-child.ts'
import { factsHash } from './facts/facts-hash.ts'
import type { Host } from './host/host.ts'
import { createPackages } from './host/packages.ts'
import { createSystemd } from './host/systemd.ts'
import { openAudit } from './journal/audit.ts'
import { createFailingAudit, createFailingJournal } from './journal/failing-journal.ts'
import { openJournal } from './journal/journal.ts'
import { createMachine } from './machine.ts'
import { createActivityWatch } from './observe/activity/activity-watch.ts'
import { createHealthWatch } from './observe/health/health-watch.ts'
import { createTlsClient } from './observe/mutual-tls.ts'
import { createObserver, type Observer } from './observe/observer.ts'
import { createSurveyor } from './observe/survey/surveyor.ts'
import { certificateLife } from './session/certificate-life.ts'
import { type CommandRunnerParts, createCommandRunner } from './session/command-runner.ts'
import { recover } from './session/enrol.ts'
import { dropToken, enrolForever, freshToken } from './session/enrolment.ts'
import { createFactsReporter } from './session/facts-reporter.ts'
import { createIdentityStore, type NodeRecord } from './session/identity-store.ts'
import { createKeySetHolder } from './session/key-set-holder.ts'
import { createLookLoop } from './session/look-loop.ts'
import { createMeshLink } from './session/mesh-link.ts'
import { createObservationLoop } from './session/observation-loop.ts'
import { createQuiet } from './session/quiet.ts'
import { createSerialLock } from './session/serial-lock.ts'
import { runSession } from './session/session.ts'
import { stayConnected } from './session/stay-connected.ts'

export interface AgentOptions {
  readonly host: Host
  readonly paths: AgentPaths
  readonly credentialDirectories: readonly string[]
  /** The Node program and the script of the facts process. */
  readonly factsProcess: { readonly nodePath: string; readonly scriptPath: string }
  readonly agentVersion: string
  readonly clock: Clock
  readonly log: Log
  readonly failpoints?: Failpoints
  /** Default: this machine. */
  readonly machine?: StandIn
}

/** A made-up machine under a real agent: enrolment, sessions, admission and journal stay as they are. */
export interface StandIn {
  readonly evidence: Partial<Evidence>
  readonly execute: NonNullable<CommandRunnerParts['execute']>
  readonly observer: Observer
  readonly collectFacts: (signal: AbortSignal) => Promise<NodeFacts>
  /** Its host against what was applied to it; absent: as a real machine would, which has been told of no manifest. */
  readonly compare?: (signal: AbortSignal) => Promise<DriftReport | null>
}

/** The whole agent: joins a fleet, stays connected to it, does what it is told in signed commands. Ends when aborted. */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { host, paths } = options
  await host.files.mkdir({ path: paths.state, mode: 0o700 })
  const store = createIdentityStore({ files: host.files, directory: paths.state })
  const sources = {
    files: host.files,
    configDirectory: paths.config,
    credentialDirectories: options.credentialDirectories,
  }
  const { machine } = options
  const evidence = machine === undefined ? {} : { evidence: machine.evidence }
  const enrolment = { ...options, ...evidence, files: host.files, sources, store }

  let record = await store.record()
  if (record !== null) await dropToken(enrolment, record)
  while (!signal.aborted) {
    record ??= await enrolForever(enrolment, signal)
    await serve({ options, record, store, sources }, signal)
    // Somebody gave this node another invitation, and its old identity was of no use any more.
    record = null
  }
}

interface Membership {
  readonly options: AgentOptions
  readonly record: NodeRecord
  readonly store: ReturnType<typeof createIdentityStore>
  readonly sources: Parameters<typeof freshToken>[0]
}

/** Life as a member of the fleet; returns when the node has to join anew. */
async function serve(membership: Membership, parent: AbortSignal): Promise<void> {
  const { options, record, store, sources } = membership
  const { host, paths, clock, log } = options
  using life = linkedController(parent)
  const { signal } = life
  const trusted = await store.keySet()
  if (trusted === null)
    throw new DroverError('invalid', `${paths.state} holds no key set although this node has joined`)
  const keys = await store.keys()
  const audit = createFailingAudit(await openAuditOf(record, options), options.failpoints ?? NO_FAILPOINTS)
  const keySets = createKeySetHolder(trusted, { store, audit, clock })
  const { failpoints = NO_FAILPOINTS, machine: standIn } = options
  const journal = createFailingJournal(
    await openJournal({ files: host.files, path: `${paths.state}/journal-${record.nodeId}.ndjson` }),
    failpoints,
  )
  const child = { host, ...options.factsProcess }
  const facts = createFactsReporter({
    collect: standIn?.collectFacts ?? (childSignal => collectFactsInChild({ ...child, signal: childSignal })),
    hashOf: factsHash,
    clock,
    log,
  })
  const observer = standIn?.observer ?? createObserver({ host, systemd: createSystemd(host), now: clock.now })
  const tlsClient = createTlsClient({ files: host.files, now: clock.now })
  const link = createMeshLink()
  const lock = createSerialLock()
  const machine = await createMachine({
    host,
    paths,
    issueCertificate: link.issueCertificate,
    lock,
    onChanged: facts.refreshSoon,
    clock,
    log,
  })
  const held = createHeldPoolers(clock)
  const activity = createActivityWatch({
    exec: host.exec,
    watches: machine.manifests.watches,
    clientsWait: held.any,
    clock,
    log,
  })
  const quiet = createQuiet({ clock, isBusy: () => lock.busy || held.any() })
  const executors = createExecutors({
    exec: host.exec,
    converse: host.converse,
    held,
    monotonic: clock.monotonic,
    now: clock.now,
    files: host.files,
    packages: createPackages(host),
    quiet,
    agentVersion: options.agentVersion,
    accounts: host.accounts,
    tlsClient,
    systemd: createSystemd(host),
    keySets,
    erasing: { files: host.files, manifest: machine.manifests.load, now: clock.now },
    countActivity: activity.count,
    collectFacts: facts.collect,
    probeFsync: request => probeFsyncInChild({ ...child, ...request }),
    converge: machine.converge,
  })
  let current = record
  const runner = createCommandRunner({
    journal,
    audit,
    executors,
    ...(standIn === undefined ? {} : { execute: standIn.execute }),
    clock,
    log,
    machine: lock,
    quiet,
    signal,
    admission: () => ({
      fleetId: current.fleetId,
      nodeId: current.nodeId,
      generation: current.generation,
      keySet: keySets.keySet(),
      readPolicy: () => readPolicy(host.files, `${paths.config}/policy.json`),
    }),
  })
  const health = createHealthWatch({
    host,
    watches: machine.manifests.watches,
    clientsWait: held.any,
    clock,
    log,
  })
  const observations = createObservationLoop({
    idleMs: runner.idleMs,
    clientsWait: held.any,
    clock,
    observe: async observeSignal => {
      const observed = await observer.observe(machine.manifests.watches(), observeSignal)
      const seen = standIn === undefined ? activity.complete(health.complete(observed)) : observed
      // After the look, which takes its time: an observation that follows a result must not be older than it.
      const drift = machine.drift.report()
      return drift === undefined ? seen : { ...seen, drift }
    },
  })
  const looks = createLookLoop({
    watches: () => (standIn === undefined ? machine.manifests.watches().instances : []),
    survey: createSurveyor({ exec: host.exec, client: tlsClient, monotonic: clock.monotonic }),
    compare: standIn?.compare ?? machine.drift.look,
    clientsWait: held.any,
    clock,
    log,
  })
  const saveRecord = async (next: NodeRecord) => {
    await store.saveRecord(next)
    current = next
  }
  const bootId = ((await host.files.readText('/proc/sys/kernel/random/boot_id')) ?? '').trim()
  const session = {
    ...options,
    keys,
    keySets,
    runner,
    journal,
    audit,
    facts,
    observations,
    looks,
    link,
    bootId,
    saveRecord,
    failpoints,
  }
  const background = [
    facts.run(signal),
    machine.drift.run(signal),
    ...(standIn === undefined ? [health.run(signal), activity.run(signal)] : []),
  ]
  try {
    await stayConnected(
      record,
      {
        session: (target, sessionSignal) =>
          runSession(target, { ...session, manifestHash: machine.manifests.hash }, sessionSignal),
        recover: (target, recoverSignal) => recover({ ...target, keys, signal: recoverSignal }),
        saveRecord,
        expiryOf: ({ certificatePem }) => certificateLife(certificatePem).expiresAt,
        hasFreshToken: known => freshToken(sources, known),
        clock,
        log,
      },
      signal,
    )
  } finally {
    life.abort()
    await Promise.all(background)
    observer.close()
    tlsClient.close()
  }
}

/** Each membership has its own chain: the orchestrator keeps one for each generation of a node. */
async function openAuditOf({ nodeId, generation }: NodeRecord, { host, paths, clock, log }: AgentOptions) {
  const audit = await openAudit({
    files: host.files,
    path: `${paths.state}/audit-${nodeId}-${generation}.ndjson`,
    onBreak: message => log.error('the audit file was damaged', { detail: message }),
  })
  if (audit.head().index === 0) await audit.record({ at: clock.now(), type: 'agent:enrolled' })
  return audit
}

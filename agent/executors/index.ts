import type { ActivityCounters } from '../../shared/domain/activity.ts'
import type { FsyncProbe, NodeFacts } from '../../shared/domain/facts.ts'
import type { InstanceName } from '../../shared/domain/ids.ts'
import type { ConvergeResult, Manifest } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Converse, Exec, HostAccounts } from '../host/host.ts'
import type { Systemd } from '../host/systemd.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Quiet } from '../session/quiet.ts'
import { createAgentKeep } from './agent-upgrade/keep.ts'
import { createAgentStage, type StageParts } from './agent-upgrade/stage.ts'
import { createAgentSwitch } from './agent-upgrade/switch.ts'
import { createComponentRenew } from './component-renew.ts'
import { createEtcdChangeMember } from './etcd-change-member.ts'
import { createEtcdForgetScope } from './etcd-forget-scope.ts'
import { createEtcdMaintain } from './etcd-maintain.ts'
import type { Executors } from './executor.ts'
import { createInstanceErase, type EraseParts } from './instance-erase.ts'
import { createKeysetUpdate, type KeySetHolder } from './keyset-update.ts'
import { createPatroniConfigure } from './patroni-configure.ts'
import { createPatroniFailover } from './patroni-failover.ts'
import { createPauseDeadline } from './patroni-pause-deadline.ts'
import { createPatroniReinitialise } from './patroni-reinitialise.ts'
import { createPatroniReleaseSlot } from './patroni-release-slot.ts'
import { createPatroniReload } from './patroni-reload.ts'
import { createPatroniRestart } from './patroni-restart.ts'
import { createPatroniSurvey } from './patroni-survey.ts'
import { createPatroniSwitchover } from './patroni-switchover.ts'
import { createPatroniWake, createPatroniWakeOnce } from './patroni-wake.ts'
import type { HeldPoolers } from './pooler/held-poolers.ts'
import { createPoolerExecutors } from './pooler/hold-and-release.ts'
import { createPoolerBackends } from './pooler/pooler-backends.ts'
import { createPoolerDrain } from './pooler/pooler-drain.ts'
import { createPostgresAwait } from './postgres-await.ts'
import { createPostgresCheckpoint } from './postgres-checkpoint.ts'
import { createPostgresInspect } from './postgres-inspect.ts'
import { createProbeWrite } from './postgres-probe-write.ts'
import { createPostgresProvision } from './postgres-provision.ts'
import { createPostgresRetire } from './postgres-retire.ts'
import { createPostgresSettings } from './postgres-settings.ts'
import { createUpdateExtensions } from './postgres-update-extensions.ts'
import { createUpgradeLook } from './postgres-upgrade-look.ts'
import { createRuntimeTry } from './runtime-try.ts'

export interface ExecutorParts {
  readonly exec: Exec
  readonly converse: Converse
  readonly held: HeldPoolers
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number
  /** Unix milliseconds. */
  readonly now: () => number
  readonly files: Pick<
    HostFiles,
    'readText' | 'writeAtomic' | 'remove' | 'list' | 'mkdir' | 'rename' | 'stat' | 'readlink'
  >
  readonly packages: StageParts['packages']
  readonly quiet: Quiet
  readonly agentVersion: string
  readonly accounts: HostAccounts
  /** For REST interfaces that want the node's certificates. */
  readonly tlsClient: TlsClient
  readonly systemd: Pick<Systemd, 'lastLines' | 'daemonReload' | 'run' | 'begin'>
  readonly keySets: KeySetHolder
  readonly erasing: EraseParts
  readonly countActivity: (instance: InstanceName, signal: AbortSignal) => Promise<ActivityCounters>
  readonly collectFacts: (signal: AbortSignal) => Promise<NodeFacts>
  readonly probeFsync: (request: { readonly directory: string; readonly signal: AbortSignal }) => Promise<FsyncProbe>
  readonly converge: (request: {
    readonly manifest: Manifest
    readonly dryRun: boolean
    readonly signal: AbortSignal
    readonly progress: (line: string) => void
  }) => Promise<ConvergeResult>
}

/** What this agent can do, all of it. */
export function createExecutors(parts: ExecutorParts): Executors {
  const client = parts.tlsClient
  const pooler = createPoolerExecutors(parts)
  return {
    converge: ({ args, signal, progress }) => parts.converge({ ...args, signal, progress }),
    'facts.collect': ({ signal }) => parts.collectFacts(signal),
    'disk.probe': ({ args, signal }) => parts.probeFsync({ directory: args.directory, signal }),
    'postgres.provision': createPostgresProvision({ exec: parts.exec }),
    'postgres.retire': createPostgresRetire(parts),
    'patroni.configure': createPatroniConfigure({ client: parts.tlsClient }),
    'postgres.inspect': createPostgresInspect({ exec: parts.exec }),
    'postgres.checkpoint': createPostgresCheckpoint(parts),
    'postgres.await': createPostgresAwait({ ...parts, wakeOnce: createPatroniWakeOnce({ client }) }),
    'pooler.hold': pooler.hold,
    'pooler.release': pooler.release,
    'patroni.switchover': createPatroniSwitchover({ client: parts.tlsClient }),
    'patroni.survey': createPatroniSurvey({ client, now: parts.now }),
    'patroni.failover': createPatroniFailover({ client }),
    'patroni.pause-deadline': createPauseDeadline(parts),
    'postgres.probe-write': createProbeWrite(parts),
    'patroni.reinitialise': createPatroniReinitialise({ client: parts.tlsClient, monotonic: parts.monotonic }),
    'postgres.settings': createPostgresSettings({ ...parts, client }),
    'patroni.restart': createPatroniRestart({ ...parts, client, wake: createPatroniWake({ client }) }),
    'patroni.reload': createPatroniReload({ ...parts, client }),
    'instance.erase': createInstanceErase(parts.erasing),
    'patroni.release-slot': createPatroniReleaseSlot({ ...parts, client: parts.tlsClient }),
    'etcd.forget-scope': createEtcdForgetScope({ client: parts.tlsClient }),
    'etcd.change-member': createEtcdChangeMember({ client: parts.tlsClient }),
    'etcd.maintain': createEtcdMaintain({ ...parts, client: parts.tlsClient }),
    'runtime.try': createRuntimeTry(parts),
    'instance.activity': ({ args, signal }) => parts.countActivity(args.instance, signal),
    'postgres.update-extensions': createUpdateExtensions({ exec: parts.exec }),
    'pooler.backends': createPoolerBackends({ exec: parts.exec }),
    'postgres.upgrade-look': createUpgradeLook({ exec: parts.exec }),
    'agent.stage': createAgentStage(parts),
    'agent.switch': createAgentSwitch(parts),
    'agent.keep': createAgentKeep(parts),
    'component.renew': createComponentRenew({ ...parts, client, manifest: parts.erasing.manifest }),
    'pooler.drain': createPoolerDrain(parts),
    'keyset.update': createKeysetUpdate(parts.keySets),
  }
}

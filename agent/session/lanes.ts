import type { Command, CommandArgs, CommandKind } from '../../shared/domain/command.ts'
import { createSerialLock, type SerialLock } from './serial-lock.ts'

/**
 * What a command has to wait for. Commands of one lane run one after the other, in the order of their sequence.
 * - `free`: changes nothing that another command could trip over.
 * - `machine`: changes files, packages and units of the whole machine; the agent's own work of that kind waits in it too.
 * - `own`: waits only for commands of its kind for the same instance (and port), so that nothing that is slow or frozen keeps a pooler from
 *   being released. What must not happen together is kept apart by the orchestrator, which holds a lock on the cluster.
 */
export type Lane = 'free' | 'machine' | 'own'

type LaneOf<K extends CommandKind> = Lane | ((args: CommandArgs<K>) => Lane)

const LANES: { readonly [K in CommandKind]: LaneOf<K> } = {
  converge: ({ dryRun }) => (dryRun ? 'free' : 'machine'),
  'facts.collect': 'free',
  'disk.probe': 'machine',
  'postgres.provision': ({ dryRun }) => (dryRun ? 'free' : 'own'),
  'postgres.retire': 'own',
  'patroni.configure': 'own',
  'postgres.inspect': 'free',
  'postgres.checkpoint': 'free',
  'postgres.await': 'free',
  'pooler.hold': 'own',
  'pooler.release': 'own',
  'patroni.switchover': 'own',
  'patroni.survey': 'free',
  'patroni.failover': 'own',
  'patroni.pause-deadline': 'own',
  'postgres.probe-write': 'free',
  'patroni.reinitialise': 'own',
  'patroni.restart': 'own',
  'patroni.reload': 'own',
  'postgres.settings': 'free',
  'instance.erase': 'machine',
  'patroni.release-slot': 'own',
  'etcd.forget-scope': 'own',
  'etcd.change-member': 'own',
  'etcd.maintain': 'own',
  // One at a time, and never while a runtime is unpacked or collected.
  'runtime.try': 'machine',
  'pooler.backends': 'free',
  'postgres.update-extensions': 'own',
  'instance.activity': 'free',
  'postgres.upgrade-look': 'free',
  // Fetches packages as a converge does.
  'agent.stage': 'machine',
  'agent.switch': 'own',
  'agent.keep': 'own',
  // Never while packages are replaced.
  'component.renew': 'machine',
  'pooler.drain': 'free',
  'keyset.update': 'own',
}

export function laneOf<K extends CommandKind>(command: Command<K>): Lane {
  const lane: LaneOf<K> = LANES[command.kind]
  return typeof lane === 'function' ? lane(command.args) : lane
}

/** Runs commands, each in its lane. */
export interface Lanes {
  run<T>(command: Command, work: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function createLanes(machine: SerialLock): Lanes {
  const own = new Map<string, SerialLock>()
  return {
    async run(command, work, signal) {
      const lane = laneOf(command)
      if (lane === 'free') return await work()
      if (lane === 'machine') return await machine.run(work, signal)
      const name = nameOf(command)
      const lock = own.get(name) ?? createSerialLock()
      own.set(name, lock)
      try {
        return await lock.run(work, signal)
      } finally {
        if (!lock.busy) own.delete(name)
      }
    },
  }
}

function nameOf({ kind, args }: Command): string {
  if (!('instance' in args)) return kind
  // An instance has a pooler for writers and one for readers.
  return 'port' in args ? `${kind} ${args.instance} ${args.port}` : `${kind} ${args.instance}`
}

import type { CommandArgs, CommandKind, CommandResult } from '../../../../shared/domain/command.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { haproxySocket, poolerSocket } from '../../../plan/render/paths.ts'
import type { ProgramStep } from '../../program.ts'
import { awaitCondition } from '../../steps/await-condition.ts'
import { resultOf } from '../../steps/outcome.ts'
import type { StepContext } from '../../steps/step-context.ts'
import type { Cast, Player } from './cast.ts'

/** How long running transactions may take to end once new ones are queued. */
export const DRAIN_MS = 1_000
/** The timer that releases a pooler if nobody does: longer than a switchover takes, shorter than clients wait. */
const RELEASE_AFTER_MS = 15_000
const WRITABLE_MS = 10_000
const SYNCHRONOUS_MS = 3_000
const REJOIN_MS = 120_000
const TIMEOUT_MS = 30_000
/** A client's transaction that is older than this would not end in time. */
const OLD_TRANSACTION_MS = 10_000

/** Errors: `conflict` with what speaks against a switchover at this moment. */
export function inspect({ leader, candidate }: Cast): ProgramStep<null> {
  return {
    title: 'inspect the primary',
    nodeId: leader.nodeId,
    async act(context) {
      const seen = await command(context, leader, 'postgres.inspect', postgresOf(leader))
      const standby = seen.standbys.find(({ instance }) => instance === candidate.instance)
      if (standby?.state !== 'streaming') throw refusal(`${candidate.instance} does not stream from ${leader.instance}`)
      if (seen.archiverFails)
        throw refusal(`the archiver of ${leader.instance} fails: a primary does not stop before its WAL is archived`)
      if (seen.oldestTransactionMs > OLD_TRANSACTION_MS)
        throw refusal(`a transaction has been open for ${Math.round(seen.oldestTransactionMs / 1000)} s`)
      return { result: null, detail: `${candidate.instance} lacks ${standby.lagBytes} bytes, ${standby.syncState}` }
    },
  }
}

export function checkpoint(player: Player): ProgramStep<null> {
  return {
    title: `checkpoint ${player.instance}`,
    nodeId: player.nodeId,
    async act(context) {
      const { tookMs } = await command(context, player, 'postgres.checkpoint', postgresOf(player), 5 * 60_000)
      return { result: null, detail: `${tookMs} ms` }
    },
  }
}

export function hold(player: Player): ProgramStep<CommandResult<'pooler.hold'>> {
  return {
    title: `hold the pooler of ${player.instance}`,
    nodeId: player.nodeId,
    attempts: 1,
    async act(context) {
      const args = { ...poolerOf(player), drainMs: DRAIN_MS, releaseAfterMs: RELEASE_AFTER_MS }
      const result = await command(context, player, 'pooler.hold', args)
      return { result, detail: result.held ? `drained in ${result.drainedMs} ms` : 'transactions are still open' }
    },
    compensate: async context => {
      await command(context, player, 'pooler.release', poolerOf(player))
      return { detail: 'released' }
    },
  }
}

export function release(player: Player): ProgramStep<CommandResult<'pooler.release'>> {
  return {
    title: `release the pooler of ${player.instance}`,
    nodeId: player.nodeId,
    async act(context) {
      const result = await command(context, player, 'pooler.release', poolerOf(player))
      return { result, detail: result.heldMs === undefined ? 'released' : `held for ${result.heldMs} ms` }
    },
  }
}

/** Lets transactions that were in the way end. */
export function pause(attempt: number): ProgramStep<null> {
  return {
    title: 'let transactions end',
    async act({ clock, signal }) {
      await clock.sleep(1_000 * attempt, signal)
      return { result: null, detail: `${attempt} s` }
    },
  }
}

export function handOver({ leader, candidate }: Cast): ProgramStep<null> {
  return {
    title: `Patroni hands over to ${candidate.instance}`,
    nodeId: leader.nodeId,
    attempts: 1,
    async act(context) {
      const args = { ...patroniOf(leader), candidate: candidate.instance }
      const { message } = await command(context, leader, 'patroni.switchover', args, 90_000)
      return { result: null, detail: message }
    },
  }
}

export function awaitWritable(player: Player): ProgramStep<null> {
  return awaiting(player, 'writable', WRITABLE_MS)
}

export function awaitSynchronous(player: Player): ProgramStep<null> {
  const step = awaiting(player, 'synchronous', SYNCHRONOUS_MS, { wake: patroniOf(player) })
  return {
    ...step,
    async act(context) {
      // Clients must not wait for a standby that does not come: with `sync` it is a preference, and strict-sync blocks by itself.
      return await step.act(context).catch((error: unknown) => {
        if (DroverError.from(error).code !== 'timeout') throw error
        return { result: null, detail: `warning: no synchronous standby within ${SYNCHRONOUS_MS} ms` }
      })
    },
  }
}

function awaiting(
  player: Player,
  until: 'writable' | 'synchronous',
  timeoutMs: number,
  more: Pick<CommandArgs<'postgres.await'>, 'wake'> = {},
): ProgramStep<null> {
  return {
    title: `wait until ${player.instance} is ${until}`,
    nodeId: player.nodeId,
    attempts: 1,
    async act(context) {
      const { tookMs } = await command(context, player, 'postgres.await', {
        ...postgresOf(player),
        until,
        timeoutMs,
        ...more,
      })
      return { result: null, detail: `after ${tookMs} ms` }
    },
  }
}

/** HAProxy would find out by itself with its next check. */
export function route({ cluster, candidate, members }: Cast, player: Player): ProgramStep<null> {
  return {
    title: `route to ${candidate.instance} on the node of ${player.instance}`,
    nodeId: player.nodeId,
    attempts: 1,
    async act(context) {
      const notTo = members.map(({ instance }) => instance).filter(name => name !== candidate.instance)
      const args = { socketPath: haproxySocket(cluster), section: 'write-hop', to: candidate.instance, notTo }
      await command(context, player, 'haproxy.route', args)
      return { result: null, detail: 'done' }
    },
  }
}

/** The old primary is back as a standby. */
export function verify({ cluster, candidate, members }: Cast): ProgramStep<null> {
  return {
    title: `wait for all members of ${cluster}`,
    async act(context) {
      const condition = {
        kind: 'members-streaming',
        cluster,
        instances: members.map(({ instance }) => instance),
        syncStandbys: 0,
      } as const
      const { detail } = await awaitCondition({ kind: 'await', condition, timeoutMs: REJOIN_MS }, context)
      return { result: null, detail: `${candidate.instance} leads, ${detail}` }
    },
  }
}

async function command<K extends CommandKind>(
  context: StepContext,
  player: Player,
  kind: K,
  args: CommandArgs<K>,
  timeoutMs = TIMEOUT_MS,
): Promise<CommandResult<K>> {
  const { operationId, stepId, attempt, signal, progress } = context
  const outcome = await context.runner.run({
    nodeId: player.nodeId,
    kind,
    args,
    operationId,
    stepId,
    attempt,
    timeoutMs,
    signal,
    onProgress: progress,
  })
  return resultOf(outcome) as CommandResult<K>
}

function postgresOf({ instance, watch }: Player) {
  return { instance, socketDirectory: watch.socketDirectory, port: watch.postgresPort }
}

function patroniOf({ instance, watch }: Player) {
  const { patroniUrl, caPath, certPath, keyPath } = watch
  return { instance, patroniUrl, caPath, certPath, keyPath }
}

function poolerOf({ instance, watch }: Player) {
  const port = watch.poolers.find(({ name }) => name.endsWith('rw'))?.port
  if (port === undefined) throw new DroverError('internal', `${instance} has no pooler for writes`)
  return { instance, socketDirectory: poolerSocket('rw', instance), port }
}

function refusal(why: string): DroverError {
  return new DroverError('conflict', why, { retryable: false })
}

import type { Evidence } from '../../proto/gen/drover/v1/Evidence.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { createBackoff } from '../../shared/lib/backoff.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { HostFiles } from '../host/files-types.ts'
import { enrol } from './enrol.ts'
import { gatherEvidence } from './evidence.ts'
import type { IdentityStore, NodeRecord } from './identity-store.ts'
import { HOW_TO_JOIN, type JoinConfig, type JoinSources, readJoinConfig } from './join-config.ts'

export interface EnrolmentParts {
  readonly files: HostFiles
  readonly sources: JoinSources
  readonly store: IdentityStore
  readonly clock: Clock
  readonly log: Log
  readonly agentVersion: string
  /** Instead of what this host looks like. */
  readonly evidence?: Partial<Evidence>
}

const LOOK_AGAIN_MS = 5_000
const PENDING_MS = 5_000
/** A token that is refused will be refused again until a person acts. */
const REFUSED = { minMs: 15_000, maxMs: 5 * 60_000 }

/** Joins the fleet; retries for ever, because hosts boot before their orchestrator. Rejects only when aborted. */
export async function enrolForever(parts: EnrolmentParts, signal: AbortSignal): Promise<NodeRecord> {
  const { clock, log } = parts
  const keys = await parts.store.keys()
  const quick = createBackoff()
  const slow = createBackoff(REFUSED)
  let said = ''
  const sayOnce = (level: 'info' | 'warn', message: string) => {
    if (said !== message) log[level](message)
    said = message
  }
  while (true) {
    try {
      const config = await readJoinConfig(parts.sources)
      const used = (await parts.store.record())?.tokenId
      const ready = readyToJoin(config, used)
      if (typeof ready === 'string') {
        sayOnce('warn', `not in a fleet yet: ${ready}; ${HOW_TO_JOIN}`)
        await clock.sleep(LOOK_AGAIN_MS, signal)
        continue
      }
      const evidence = { ...(await gatherEvidence(parts.files, parts.agentVersion)), ...parts.evidence }
      const answer = await firstAnswer(config.orchestrators, address =>
        enrol({ address, addresses: config.orchestrators, token: ready, keys, evidence, signal }),
      )
      if (answer.state === 'active') {
        await parts.store.saveKeySet(answer.keySet)
        await parts.store.saveRecord(answer.record)
        await dropToken(parts, answer.record)
        const { nodeId, generation } = answer.record
        log.info('joined the fleet', { nodeId, generation, fleetId: answer.record.fleetId })
        return answer.record
      }
      sayOnce('info', `waiting for approval: ${answer.message || 'an operator approves with `drover node approve`'}`)
      await clock.sleep(PENDING_MS * (0.5 + Math.random()), signal)
    } catch (error) {
      signal.throwIfAborted()
      const failure = DroverError.from(error)
      const waitMs = isRefusal(failure) ? slow.next() : quick.next()
      const { code, message, hint } = failure
      log.warn('could not join the fleet, trying again', { code, reason: message, hint, nextMs: Math.round(waitMs) })
      said = ''
      await clock.sleep(waitMs, signal)
    }
  }
}

/** A used token's file may have outlived a crash. */
export async function dropToken(parts: Pick<EnrolmentParts, 'files' | 'sources' | 'log'>, record: NodeRecord) {
  try {
    const { token, tokenFile } = await readJoinConfig(parts.sources)
    if (tokenFile !== null && token?.id === record.tokenId) await parts.files.remove({ path: tokenFile })
  } catch (error) {
    parts.log.warn('could not remove the used join token', { reason: DroverError.from(error).message })
  }
}

/** The token of a newer invitation, when somebody has given this enrolled node one. */
export async function freshToken(sources: JoinSources, record: NodeRecord): Promise<boolean> {
  const config = await readJoinConfig(sources).catch(() => null)
  return config !== null && typeof readyToJoin(config, record.tokenId) !== 'string'
}

function readyToJoin(config: JoinConfig, usedTokenId: string | undefined) {
  if (config.token === null) return 'there is no join token'
  if (config.token.id === usedTokenId) return 'the join token has been used already'
  if (config.orchestrators.length === 0) return 'there is no orchestrator address'
  return config.token
}

async function firstAnswer<T>(addresses: readonly string[], ask: (address: string) => Promise<T>): Promise<T> {
  let problem: unknown = new DroverError('unavailable', 'no orchestrator address')
  for (const address of addresses) {
    try {
      return await ask(address)
    } catch (error) {
      const failure = DroverError.from(error)
      problem = new DroverError(failure.code, `${address}: ${failure.message}`, {
        cause: error,
        ...(failure.hint === undefined ? {} : { hint: failure.hint }),
      })
      if (isRefusal(failure)) throw problem
    }
  }
  throw problem
}

function isRefusal({ code }: DroverError): boolean {
  return ['denied', 'unauthenticated', 'not-found', 'conflict', 'stale', 'invalid'].includes(code)
}

import { DroverError } from '../../shared/domain/errors.ts'
import type { PatroniSurvey, PatroniSurveyArgs } from '../../shared/domain/patroni-survey.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import { patroniStatus } from '../observe/patroni-status.ts'
import { postgresAnswers } from '../observe/postgres-port.ts'
import type { Executor } from './executor.ts'

const TIMEOUT_MS = 10_000
/** For a member that may be dead; a Patroni that lives answers within milliseconds. */
const SILENCE_MS = 3_000

/**
 * Asks the local Patroni for the cluster as etcd has it, and every member's Patroni who it is. Changes nothing. Errors:
 * `unavailable` when the local Patroni does not answer or cannot reach etcd; a silent other member is an answer.
 */
export function createPatroniSurvey(parts: {
  readonly client: TlsClient
  readonly now: () => number
}): Executor<'patroni.survey'> {
  return async ({ args, signal }) => {
    const call = { client: parts.client, args, signal }
    const [cluster, config, history, answers] = await Promise.all([
      askLocal(call, '/cluster'),
      askLocal(call, '/config'),
      askLocal(call, '/history'),
      Promise.all([whoAnswers(call, args), ...args.others.map(member => whoAnswersAt(call, member))]),
    ])
    return {
      ...ofCluster(object(cluster)),
      answers: answers.flat(),
      ttlSeconds: number(object(config)['ttl']) ?? 30,
      loopWaitSeconds: number(object(config)['loop_wait']) ?? 10,
      ...lastPromotion(history, parts.now()),
    }
  }
}

interface Call {
  readonly client: TlsClient
  readonly args: PatroniSurveyArgs
  readonly signal: AbortSignal
}

async function askLocal({ client, args, signal }: Call, path: string): Promise<unknown> {
  const answer = await client.request({ url: `${args.patroniUrl}${path}`, tls: args, timeoutMs: TIMEOUT_MS, signal })
  if (answer.status === 200) return JSON.parse(answer.text)
  throw new DroverError('unavailable', `Patroni of ${args.instance} answered ${answer.status} to ${path}`)
}

/** A server may live although its Patroni does not, and may then take writes. */
async function whoAnswersAt(
  call: Call,
  member: PatroniSurveyArgs['others'][number],
): Promise<PatroniSurvey['answers']> {
  const { address: host, postgresPort: port, instance } = member
  const [answers, isServing] = await Promise.all([
    whoAnswers(call, member),
    postgresAnswers({ host, port, timeoutMs: SILENCE_MS, signal: call.signal }),
  ])
  if (answers.length > 0 || !isServing) return answers
  return [{ instance, role: 'unknown', state: 'its PostgreSQL answers, its Patroni does not' }]
}

/** Nothing where nobody answers. */
async function whoAnswers(
  { client, args, signal }: Call,
  { instance, patroniUrl }: Pick<PatroniSurveyArgs, 'instance' | 'patroniUrl'>,
): Promise<PatroniSurvey['answers']> {
  try {
    const { text } = await client.request({ url: `${patroniUrl}/patroni`, tls: args, timeoutMs: SILENCE_MS, signal })
    const { role, state } = patroniStatus(text)
    return [{ instance, role, state }]
  } catch {
    signal.throwIfAborted()
    return []
  }
}

/** Patroni's words: `leader` holds the lease; a standby in the `/sync` key is a `sync_standby`, or a `quorum_standby`. */
function ofCluster(cluster: Fields): Pick<PatroniSurvey, 'leader' | 'paused' | 'members'> {
  const members = Array.isArray(cluster['members']) ? cluster['members'].map(object) : []
  const leader = members.find(({ role }) => role === 'leader' || role === 'standby_leader')
  return {
    ...(leader === undefined ? {} : { leader: String(leader['name']) }),
    paused: cluster['pause'] === true,
    members: members.map(member => {
      const lag = number(member['lag'])
      return {
        instance: String(member['name']),
        state: String(member['state']),
        synchronous: member['role'] === 'sync_standby',
        ...(lag === undefined ? {} : { lagBytes: lag }),
        noFailover: object(member['tags'])['nofailover'] === true,
      }
    }),
  }
}

/** Entries: timeline, position, reason, time, new leader; the last two came with later versions of Patroni. */
function lastPromotion(history: unknown, now: number): Pick<PatroniSurvey, 'lastPromotion'> {
  const last: unknown = Array.isArray(history) ? history.at(-1) : undefined
  const [, , , at, instance] = Array.isArray(last) ? last : []
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN
  if (typeof instance !== 'string' || Number.isNaN(time)) return {}
  return { lastPromotion: { instance, ageMs: Math.max(0, now - time) } }
}

type Fields = Readonly<Record<string, unknown>>

function object(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

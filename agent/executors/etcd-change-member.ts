import { setTimeout as delay } from 'node:timers/promises'
import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import type { EtcdChange, EtcdMemberArgs } from '../../shared/domain/etcd-command.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

const TIMEOUT_MS = 10_000
const HEALTH_TIMEOUT_MS = 2_000
/** A learner copies a snapshot of at most etcd's quota. */
const CATCH_UP_TRIES = 240
const CATCH_UP_MS = 500
const SETTLE_TRIES = 20
const SETTLE_MS = 1_000

interface EtcdMemberAnswer {
  readonly ID: string
  /** Empty until it has been started. */
  readonly name?: string
  readonly peerURLs?: readonly string[]
  readonly clientURLs?: readonly string[]
  readonly isLearner?: boolean
}

/**
 * Changes who is a member of etcd, one at a time, through its API. Errors: `conflict` when the change would leave the voters
 * without a majority that is well, or what it is about is not there; `unavailable` when etcd refuses for now, which it does itself for a
 * cluster that is not well; `timeout` when a learner does not catch up.
 */
export function createEtcdChangeMember(parts: { readonly client: TlsClient }): Executor<'etcd.change-member'> {
  return async ({ args, signal, progress }) => {
    const etcd = doorOf(args, parts.client, signal)
    await make(args.change)
    return {
      members: (await etcd.members()).map(({ name, isLearner }) => `${name ?? '?'}${isLearner ? ' (learner)' : ''}`),
    }

    async function make(change: EtcdChange): Promise<void> {
      const members = await etcd.members()
      switch (change.do) {
        case 'add-learner': {
          if (find(members, change) !== undefined) return
          await whenSettled(() => etcd.ask('/v3/cluster/member/add', { peerURLs: [change.peerUrl], isLearner: true }))
          return
        }
        case 'promote': {
          const learner = find(members, change)
          if (learner === undefined) throw conflict(`${change.name} is not a member of etcd`)
          if (learner.isLearner === true) await promote(learner, change.name)
          return
        }
        case 'remove': {
          const member = find(members, change)
          if (member === undefined) return
          if (member.isLearner !== true) await refuseWithoutMajority(members, member)
          await whenSettled(() => etcd.ask('/v3/cluster/member/remove', { ID: member.ID }))
          return
        }
        default:
          assertNever(change)
      }
    }

    /** etcd takes no change until all voters have been connected for five seconds. */
    async function whenSettled(ask: () => Promise<unknown>): Promise<void> {
      for (let tries = 1; ; tries += 1) {
        const refusal = await refusalOf(ask)
        if (refusal === undefined) return
        if (!/unhealthy cluster/.test(refusal.message) || tries === SETTLE_TRIES) throw refusal
        if (tries === 1) progress('etcd settles')
        await delay(SETTLE_MS, undefined, { signal })
      }
    }

    async function promote({ ID }: EtcdMemberAnswer, name: string): Promise<void> {
      for (let tries = 1; ; tries += 1) {
        const refusal = await refusalOf(() => etcd.ask('/v3/cluster/member/promote', { ID }))
        if (refusal === undefined) return
        if (!/in sync with leader/.test(refusal.message)) throw refusal
        if (tries === CATCH_UP_TRIES) throw new DroverError('timeout', `${name} does not catch up with etcd's leader`)
        if (tries === 1) progress(`${name} catches up`)
        await delay(CATCH_UP_MS, undefined, { signal })
      }
    }

    /** etcd itself looks at connections; this asks everybody who would be left whether it is well. */
    async function refuseWithoutMajority(
      members: readonly EtcdMemberAnswer[],
      leaver: EtcdMemberAnswer,
    ): Promise<void> {
      const left = members.filter(({ ID, isLearner }) => ID !== leaver.ID && isLearner !== true)
      const well = (await Promise.all(left.map(each => etcd.isWell(each)))).filter(isWell => isWell).length
      if (left.length > 0 && well > left.length / 2) return
      throw conflict(
        `without ${leaver.name ?? leaver.ID} etcd would have ${left.length} voters of which ${well} are well: no majority`,
      )
    }
  }
}

async function refusalOf(ask: () => Promise<unknown>): Promise<DroverError | undefined> {
  return await ask().then(
    () => undefined,
    (error: unknown) => DroverError.from(error),
  )
}

function doorOf(args: EtcdMemberArgs, client: TlsClient, signal: AbortSignal) {
  const { clientUrl, caPath, certPath, keyPath } = args
  const tls = { caPath, certPath, keyPath }
  return { ask, members, isWell }

  async function ask(path: string, body: unknown): Promise<unknown> {
    const url = `${clientUrl}${path}`
    const answer = await client.request({ url, tls, method: 'POST', body, timeoutMs: TIMEOUT_MS, signal })
    if (answer.status === 200) return JSON.parse(answer.text)
    throw new DroverError('unavailable', `etcd refused ${path}: ${answer.text.trim().slice(0, 300)}`)
  }

  async function members(): Promise<readonly EtcdMemberAnswer[]> {
    const list = (await ask('/v3/cluster/member/list', {})) as { readonly members?: readonly EtcdMemberAnswer[] }
    return list.members ?? []
  }

  async function isWell({ clientURLs = [] }: EtcdMemberAnswer): Promise<boolean> {
    const [url] = clientURLs
    if (url === undefined) return false
    const health = { url: `${url}/health`, tls, timeoutMs: HEALTH_TIMEOUT_MS, signal }
    return await client.request(health).then(
      ({ text }) => /"health": ?"true"/.test(text),
      () => false,
    )
  }
}

/** By name; one that was never started has none yet, and is known by its address. */
function find(members: readonly EtcdMemberAnswer[], change: EtcdChange): EtcdMemberAnswer | undefined {
  return members.find(
    ({ name, peerURLs = [] }) => name === change.name || ('peerUrl' in change && peerURLs.includes(change.peerUrl)),
  )
}

function conflict(message: string): DroverError {
  return new DroverError('conflict', message, { retryable: false })
}

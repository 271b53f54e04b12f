import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { EtcdMaintainArgs } from '../../../../shared/domain/etcd-command.ts'
import type { EtcdDoor } from '../../../../shared/domain/plan.ts'
import { FLEET_LOCK } from '../../journal.ts'
import type { ProgramStep } from '../../program.ts'
import { awaitCondition } from '../../steps/await-condition.ts'
import { resultOf } from '../../steps/outcome.ts'
import { onRequest } from '../requested-kind.ts'

const COMMAND_MS = 150_000
const HEALTHY_MS = 60_000
const SEEN_AGAIN_MS = 15_000
/** With less of its quota in use an alarm has no reason any more. */
const SPACE_AGAIN = 0.9

interface DefragInput {
  readonly voters: readonly EtcdDoor[]
}

interface Sizes {
  readonly [voter: string]: number
}

export interface DefragOutput {
  readonly voters: readonly { readonly name: string; readonly beforeBytes: number; readonly afterBytes: number }[]
  readonly disarmed: boolean
}

/**
 * `drover etcd defrag`: one voter after the other gives its free pages back, the leader last, all healthy in between: a member that
 * defragments answers nobody. Whatever is done stays done, and the same command goes on.
 */
export const etcdDefrag = onRequest<Record<string, never>, DefragInput, DefragOutput>({
  kind: {
    kind: 'etcd-defrag',
    async run({ voters }, op) {
      op.phase('look')
      const { order, before, alarmed } = await op.step(look(voters))
      for (const name of order) {
        const voter = voters.find(({ etcd }) => etcd.name === name)
        if (voter === undefined) continue
        op.phase(`defragment ${name}`)
        if (!alarmed) await op.step(awaitHealthy(voters, `wait for all voters before ${name}`))
        await op.step(maintain(voter, 'defragment'))
      }
      op.phase('finish')
      const { sizes: after, hasSpace } = await op.step(sizesAgain(voters))
      const [first] = voters
      const disarmed = alarmed && hasSpace && first !== undefined
      if (disarmed) await op.step(maintain(first, 'disarm'))
      if (!alarmed || disarmed) await op.step(awaitHealthy(voters, 'wait for all voters'))
      return {
        output: {
          disarmed,
          voters: order.map(name => ({ name, beforeBytes: before[name] ?? 0, afterBytes: after[name] ?? 0 })),
        },
      }
    },
  },
  request: z.strictObject({}),
  async prepare(_request, { fleet }) {
    const { allocations } = await fleet.snapshot({})
    const manifests = await fleet.manifests()
    const voters = (allocations.etcd?.members ?? []).flatMap(({ nodeId }): EtcdDoor[] => {
      const etcd = manifests.get(nodeId)?.watches.etcd
      return etcd === undefined ? [] : [{ nodeId, etcd }]
    })
    if (voters.length === 0)
      throw new DroverError('conflict', 'there is no etcd yet', { hint: 'drover apply', retryable: false })
    return { subject: 'etcd', clusters: [], locks: [FLEET_LOCK], input: { voters } }
  },
})

/** The leader last, so that there is one election at most. */
function look(voters: readonly EtcdDoor[]): ProgramStep<{
  readonly order: readonly string[]
  readonly before: Sizes
  readonly alarmed: boolean
}> {
  return {
    title: 'look at the voters',
    async act({ fleet }) {
      const observations = fleet.observations()
      const seen = voters.flatMap(({ nodeId }) => observations.get(nodeId)?.etcd ?? [])
      const missing = voters.filter(({ etcd }) => !seen.some(({ name }) => name === etcd.name))
      if (missing.length > 0)
        throw new DroverError('unavailable', `nothing is seen of ${missing.map(({ etcd }) => etcd.name).join(', ')}`, {
          hint: 'drover status',
        })
      const order = seen.toSorted((left, right) => Number(left.leader) - Number(right.leader)).map(({ name }) => name)
      const before = Object.fromEntries(seen.map(({ name, dbSizeBytes = 0 }) => [name, dbSizeBytes]))
      const alarmed = seen.some(({ alarms = [] }) => alarms.includes('NOSPACE'))
      return { result: { order, before, alarmed }, detail: `in the order ${order.join(', ')}` }
    },
  }
}

function awaitHealthy(voters: readonly EtcdDoor[], title: string): ProgramStep<null> {
  const members = voters.map(({ nodeId, etcd }) => ({ name: etcd.name, nodeId }))
  return {
    title,
    async act(context) {
      const condition = { kind: 'etcd-healthy', members } as const
      return { result: null, ...(await awaitCondition({ kind: 'await', condition, timeoutMs: HEALTHY_MS }, context)) }
    },
  }
}

function maintain({ nodeId, etcd }: EtcdDoor, what: EtcdMaintainArgs['do']): ProgramStep<null> {
  const { name, ...door } = etcd
  return {
    title: what === 'defragment' ? `defragment ${name}` : 'take the alarm NOSPACE back',
    nodeId,
    async act({ runner, operationId, stepId, attempt, signal }) {
      const outcome = await runner.run({
        nodeId,
        kind: 'etcd.maintain',
        args: { ...door, do: what },
        operationId,
        stepId,
        attempt,
        timeoutMs: COMMAND_MS,
        signal,
      })
      const { tookMs } = resultOf(outcome) as { readonly tookMs: number }
      return { result: null, detail: `in ${tookMs} ms` }
    },
  }
}

/** From observations that are younger than the last defragmentation. */
function sizesAgain(voters: readonly EtcdDoor[]): ProgramStep<{ readonly sizes: Sizes; readonly hasSpace: boolean }> {
  return {
    title: 'look at the sizes',
    async act({ fleet, clock, signal }) {
      const since = new Map([...fleet.observations()].map(([id, { observedAt }]) => [id, observedAt]))
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(SEEN_AGAIN_MS)])
      const isNew = (): boolean => {
        const now = fleet.observations()
        return voters.every(({ nodeId }) => (now.get(nodeId)?.observedAt ?? 0) > (since.get(nodeId) ?? 0))
      }
      const start = clock.monotonic()
      while (!isNew() && clock.monotonic() - start < SEEN_AGAIN_MS) {
        signal.throwIfAborted()
        await fleet.observed(deadline)
      }
      const now = fleet.observations()
      const seen = voters.flatMap(({ nodeId }) => now.get(nodeId)?.etcd ?? [])
      const sizes = Object.fromEntries(seen.map(({ name, dbSizeBytes = 0 }) => [name, dbSizeBytes]))
      const hasSpace = seen.every(
        ({ dbSizeBytes, quotaBytes }) =>
          dbSizeBytes !== undefined && quotaBytes !== undefined && dbSizeBytes < quotaBytes * SPACE_AGAIN,
      )
      return {
        result: { sizes, hasSpace },
        detail: seen.map(({ name }) => `${name} ${sizes[name] ?? 0} bytes`).join(', '),
      }
    },
  }
}

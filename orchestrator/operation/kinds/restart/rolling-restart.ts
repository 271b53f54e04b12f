import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { restartTurns } from '../../../plan/topology/restart-turns.ts'
import { HOT_STANDBY_SETTINGS } from '../../../plan/tuning/hot-standby-settings.ts'
import { holdPoolers, holdReaders, releasePoolers, releaseReaders } from '../../members/hold-poolers.ts'
import type { Member } from '../../members/member.ts'
import type { Program } from '../../program.ts'
import type { PendingSetting, SettingDifference } from '../../settings/compare-settings.ts'
import { compareMembers, type OwnSettings } from '../../settings/settings-agree.ts'
import { awaitSynchronous, checkpoint } from '../switchover/steps.ts'
import { switchover } from '../switchover/switchover.ts'
import { type MemberState, readState } from './member-state.ts'
import type { PrimaryWay } from './primary-way.ts'
import { findScene, memberIn, membersIn, type Scene } from './scene.ts'
import * as steps from './steps.ts'

/** For an orchestrator that dies while clients are held. */
const HELD_TRIES = 3

export interface RollingRestart {
  readonly cluster: ClusterName
  /** `pending`: those with settings that wait for it. */
  readonly who: 'all' | 'pending' | { readonly instance: InstanceName }
  /** No client waits for another synchronous standby before it goes on: set by durability. */
  readonly awaitSynchronous: boolean
  readonly own: OwnSettings
}

export interface RollingRestartReport {
  /** In the order of their turns. */
  readonly restarted: readonly InstanceName[]
  /** The longest that any pooler made writers wait. */
  readonly stallMs: number
  /** The same for readers of a standby. */
  readonly readStallMs: number
  readonly pendingBefore: readonly PendingSetting[]
  readonly primary?: PrimaryWay
  /** What Patroni, the files and the servers do not agree on afterwards. */
  readonly differences: readonly SettingDifference[]
  /** The restart that ended the round: those after it were not touched. */
  readonly failed?: FailedRestart
}

export interface FailedRestart {
  readonly instance: InstanceName
  /** In the server's own words when it refused to start. */
  readonly because: string
  /** It is known that PostgreSQL does not start with what it has. */
  readonly refused: boolean
  readonly wasPrimary: boolean
  /** Who leads now; null: nobody. */
  readonly leader: InstanceName | null
}

/**
 * Members one after the other, each well again before the next. Its readers wait while a standby restarts, its writers while the
 * primary does. When each server had started before decides: one that has started since is not restarted again.
 */
export async function rollingRestart(input: RollingRestart, op: Program): Promise<RollingRestartReport> {
  op.phase('look')
  const scene = await op.step(findScene(input.cluster))
  const states = await Promise.all(
    membersIn(scene).map(member => op.step(readState(member, input.own[member.instance] ?? []))),
  )
  const startedAt = new Map(states.map(state => [state.instance, state.startedAt]))
  const restarted: InstanceName[] = []
  let report: RollingRestartReport = {
    restarted,
    stallMs: 0,
    readStallMs: 0,
    pendingBefore: states.flatMap(({ pending }) => pending),
    differences: [],
  }
  for (const instance of turnsOf(input, scene, states)) {
    op.phase(`restart ${instance}`)
    const turn = { scene, member: memberIn(scene, instance), startedAt: startedAt.get(instance) ?? 0 }
    const isPrimary = turn.member === scene.leader && !scene.followsAnother
    const outcome = isPrimary ? await primaryTurn(turn, input, op) : await standbyTurn(turn, op)
    report = {
      ...report,
      stallMs: Math.max(report.stallMs, outcome.stallMs),
      readStallMs: Math.max(report.readStallMs, outcome.readStallMs),
      ...(outcome.way === undefined ? {} : { primary: outcome.way }),
    }
    if (outcome.failed !== undefined) return { ...report, failed: outcome.failed }
    if (outcome.startedAt !== undefined) startedAt.set(instance, outcome.startedAt)
    restarted.push(instance)
  }
  op.phase('compare')
  const touched = membersIn(scene).filter(({ instance }) => restarted.includes(instance))
  const { differences } = await compareMembers(touched, input.own, op)
  return { ...report, differences }
}

export interface Turn {
  readonly scene: Scene
  readonly member: Member
  readonly startedAt: number
}

export interface TurnOutcome {
  readonly stallMs: number
  readonly readStallMs: number
  readonly startedAt?: number
  readonly way?: PrimaryWay
  readonly failed?: FailedRestart
}

function turnsOf(input: RollingRestart, scene: Scene, states: readonly MemberState[]): readonly InstanceName[] {
  const { who } = input
  const chosen = states.filter(
    ({ instance, pending }) => who === 'all' || (who === 'pending' ? pending.length > 0 : who.instance === instance),
  )
  if (typeof who === 'object') memberIn(scene, who.instance)
  const [first] = states
  if (first === undefined) return []
  const values = new Map(states.map(({ instance, running }) => [instance, running]))
  const seen = [{ member: scene.leader, isSynchronous: false, lagBytes: 0 }, ...scene.standbys]
  const answer = restartTurns({
    primary: scene.leader.instance,
    members: seen.map(({ member: { instance }, isSynchronous, lagBytes }) => ({
      instance,
      isSynchronous,
      lagBytes,
      values: values.get(instance) ?? first.running,
    })),
    wanted: first.wanted,
    chosen: new Set(chosen.map(({ instance }) => instance)),
    trial: states.some(({ pending }) => pending.some(({ name }) => !HOT_STANDBY_SETTINGS.has(name))),
  })
  if ('turns' in answer) return answer.turns
  throw new DroverError(
    'conflict',
    `${scene.leader.instance} would have more than ${answer.missing.join(', ')} can follow`,
    {
      retryable: false,
      hint: `restart all that wait for it: drover cluster restart ${scene.cluster} --pending`,
    },
  )
}

/** Its readers wait while it restarts. */
export async function standbyTurn({ scene, member, startedAt }: Turn, op: Program): Promise<TurnOutcome> {
  await holdReaders(member, op)
  const result = await op.step(steps.restartStandby(scene, member, startedAt))
  const { heldMs } = await releaseReaders(member, op)
  const waited = { stallMs: 0, readStallMs: heldMs ?? 0 }
  if (result.state !== 'restarted') {
    const { because } = result
    const refused = result.state === 'refused'
    const failed = { instance: member.instance, because, refused, wasPrimary: false, leader: scene.leader.instance }
    return { ...waited, failed }
  }
  await op.step(steps.awaitAllStreaming(scene))
  return { ...waited, startedAt: result.startedAt }
}

/** Writers wait, or another member takes over. */
export async function primaryTurn(
  { scene, member, startedAt }: Turn,
  input: Pick<RollingRestart, 'cluster' | 'awaitSynchronous'>,
  op: Program,
): Promise<TurnOutcome> {
  let seen = await op.step(steps.inspectPrimary(member, 0))
  for (let look = 1; steps.mayLookAgain(seen, look); look += 1) seen = await op.step(steps.inspectPrimary(member, look))
  const way = await op.step(steps.choosePrimaryWay(scene, seen))
  if (way.way === 'switchover') {
    const { output } = await switchover.run({ cluster: input.cluster, awaitSynchronous: input.awaitSynchronous }, op)
    return { stallMs: output.stallMs, readStallMs: 0, way }
  }
  const members = membersIn(scene)
  await Promise.all(members.map(each => op.step(checkpoint(each))))
  await op.step(checkpoint(member))
  const result = await restartHeld({ scene, member, startedAt }, op)
  const isBack = result.state === 'restarted'
  if (isBack && input.awaitSynchronous && scene.synchronous > 0) await op.step(awaitSynchronous(member))
  const leader = isBack ? member.instance : await op.step(steps.findLeader(scene))
  const { heldMs: stallMs } = await releasePoolers({ members }, op)
  const waited = { stallMs, readStallMs: 0, way }
  if (!isBack) {
    const { because } = result
    const refused = result.state === 'refused'
    return { ...waited, failed: { instance: member.instance, because, refused, wasPrimary: true, leader } }
  }
  await op.step(steps.awaitAllStreaming(scene))
  return { ...waited, startedAt: result.startedAt }
}

/** While writers wait. A server that has restarted already is left alone, so that a second try does no harm. */
async function restartHeld({ scene, member, startedAt }: Turn, op: Program): Promise<steps.Restarted> {
  const members = membersIn(scene)
  for (let tries = 1; tries <= HELD_TRIES; tries += 1) {
    const held = await holdPoolers({ cluster: scene.cluster, members }, op)
    const result = await op.step(steps.restartPrimary(member, startedAt, held))
    if (result.state !== 'released') return result
    await releasePoolers({ members }, op)
  }
  return { state: 'late', because: 'clients were released each time before the restart could begin' }
}

import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import type { Member } from '../../members/member.ts'
import type { Program } from '../../program.ts'
import { quietly } from '../../quietly.ts'
import type { OwnSettings } from '../../settings/settings-agree.ts'
import { type MemberState, pendingText, readState } from '../restart/member-state.ts'
import { primaryTurn, standbyTurn, type Turn, type TurnOutcome } from '../restart/rolling-restart.ts'
import { findScene, memberIn, membersIn } from '../restart/scene.ts'
import { switchover } from '../switchover/switchover.ts'
import { awaitRunning, leadTo } from './steps.ts'
import { standbysInTurn, successorOf } from './successor.ts'
import { watchClusters } from './watch-clusters.ts'

export interface Walk {
  readonly cluster: ClusterName
  /** No client waits for another synchronous standby before it goes on: set by durability. */
  readonly awaitSynchronous: boolean
  readonly own: OwnSettings
  /** Of each member that is to change. */
  readonly to: Readonly<Record<InstanceName, RuntimeId | null>>
  /** The first standby that has restarted is watched alone for a while: a server that does not stay up is found before a client needs it. */
  readonly prove?: { readonly serverVersion: string; readonly forMs: number }
}

export interface WalkReport {
  /** In the order of their turns; the one that failed is the last. */
  readonly changed: readonly InstanceName[]
  /** The longest that any pooler made writers wait, and readers of a standby. */
  readonly stallMs: number
  readonly readStallMs: number
  /** Whoever leads afterwards when somebody else did before. */
  readonly leader?: InstanceName
  /** Why the walk ended early. */
  readonly failed?: { readonly instance: InstanceName; readonly because: string }
}

/**
 * Leads members to other runtimes, one after the other, each well again before the next: standbys first, the one that lags most before
 * the one that confirms commits; then a standby takes over, unnoticed, and the old primary follows it as a standby of the new version.
 * A cluster without somebody to take over is restarted while its clients are held. Errors: `conflict` before anything has changed.
 */
export async function walkMembers(walk: Walk, op: Program): Promise<WalkReport> {
  op.phase('look')
  let scene = await op.step(findScene(walk.cluster))
  const states = await Promise.all(
    membersIn(scene).map(member => op.step(readState(member, walk.own[member.instance] ?? []))),
  )
  refusePending(states)
  const startedAt = new Map(states.map(state => [state.instance, state.startedAt]))
  const changed: InstanceName[] = []
  let report: WalkReport = { changed, stallMs: 0, readStallMs: 0 }

  for (const { member } of standbysInTurn(scene).filter(({ member: { instance } }) => isToChange(instance))) {
    await turn(member, standbyTurn)
    if (report.failed === undefined && changed.length === 1) await prove(member)
    if (report.failed !== undefined) return report
  }
  if (!isToChange(scene.leader.instance)) return report
  // Restarts have made another standby the one that confirms commits.
  await lookAgain()
  const old = scene.leader
  if (!isToChange(old.instance)) return report
  const successor = successorOf(scene, walk.awaitSynchronous)
  if (successor === undefined) {
    await turn(old, scene.followsAnother ? standbyTurn : (each, within) => primaryTurn(each, walk, within))
    return report
  }

  op.phase(`switch over to ${successor.member.instance}`)
  const { cluster, awaitSynchronous } = walk
  // Patroni starts the old primary anew as a standby: with its new runtime already.
  await op.step(leadTo(old, walk.to[old.instance] ?? null))
  changed.push(old.instance)
  const { output } = await switchover.run({ cluster, to: successor.member.instance, awaitSynchronous }, quietly(op))
  report = { ...report, stallMs: Math.max(report.stallMs, output.stallMs), leader: output.to }
  await lookAgain()
  // One that Patroni has left running is restarted now; one that has started since is left alone.
  const after = await op.step(readState(old, walk.own[old.instance] ?? []))
  if (after.startedAt === startedAt.get(old.instance)) await take(memberIn(scene, old.instance), standbyTurn)
  return report

  async function prove({ instance }: Member): Promise<void> {
    if (walk.prove === undefined) return
    const { cluster, prove } = walk
    op.phase(`watch ${instance}`)
    const found = await op.step(
      watchClusters([{ cluster, serverVersion: prove.serverVersion, only: instance }], prove.forMs),
    )
    const because = found[cluster]
    if (because !== undefined) report = { ...report, failed: { instance, because } }
  }

  async function lookAgain(): Promise<void> {
    op.phase('look again')
    await op.step(awaitRunning(walk.cluster, membersIn(scene)))
    scene = await op.step(findScene(walk.cluster))
  }

  function isToChange(instance: InstanceName): boolean {
    return instance in walk.to
  }

  async function turn(member: Member, restart: Restart): Promise<void> {
    op.phase(`upgrade ${member.instance}`)
    await op.step(leadTo(member, walk.to[member.instance] ?? null))
    changed.push(member.instance)
    await take(member, restart)
  }

  async function take(member: Member, restart: Restart): Promise<void> {
    const { instance } = member
    const outcome = await restart({ scene, member, startedAt: startedAt.get(instance) ?? 0 }, quietly(op))
    report = {
      ...report,
      stallMs: Math.max(report.stallMs, outcome.stallMs),
      readStallMs: Math.max(report.readStallMs, outcome.readStallMs),
      ...(outcome.failed === undefined ? {} : { failed: { instance, because: outcome.failed.because } }),
    }
  }
}

type Restart = (turn: Turn, op: Program) => Promise<TurnOutcome>

/** A restart would take settings, too, and their order among members is another one. */
function refusePending(states: readonly MemberState[]): void {
  const waiting = states.find(({ pending }) => pending.length > 0)
  if (waiting === undefined) return
  throw new DroverError(
    'conflict',
    `settings of ${waiting.instance} wait for a restart: ${pendingText(waiting.pending)}`,
    {
      retryable: false,
      hint: 'drover cluster restart NAME --pending comes first: an upgrade changes nothing but the version',
    },
  )
}

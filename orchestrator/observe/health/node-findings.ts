import { factOr } from '../../../shared/domain/facts.ts'
import { type Finding, type HealthThresholds, JUMP_REMEMBERED_MS } from '../../../shared/domain/health.ts'
import type { DiskSpace } from '../../../shared/domain/instance-health.ts'
import { finding, gigabytes, percent, whenAbove, whenBelow } from './grade.ts'
import type { HealthNode, HealthView } from './health-view.ts'

/** A node's clock and its file systems. What nobody can tell is no finding. */
export function nodeFindings(node: HealthNode, { now, thresholds }: HealthView): readonly Finding[] {
  return [
    ...unsynchronized(node),
    ...jumped(node, now),
    ...offset(node, thresholds),
    ...disksOf(node).flatMap(disk => [...nearlyFull(node, disk, thresholds), ...fewInodes(node, disk, thresholds)]),
  ]
}

function of({ id, name }: HealthNode): Pick<Finding, 'subject' | 'concerns'> {
  return { subject: { kind: 'node', name }, concerns: { nodeId: id } }
}

/** A container has the clock of its host and cannot see to it: there it only warns. */
function unsynchronized(node: HealthNode): readonly Finding[] {
  const { facts, observation } = node
  const fact = facts === undefined ? undefined : factOr<boolean | undefined>(facts.clock.synchronized, undefined)
  const synchronized = observation?.clock?.synchronized ?? fact
  if (synchronized !== false) return []
  const isContainer = facts !== undefined && factOr<string>(facts.virtualization, 'none') === 'container'
  const source = observation?.clock?.source
  const by = source === undefined ? 'no time service is seen to run' : `${source} runs but is not in step`
  return [
    finding({
      code: 'clock-not-synchronized',
      severity: isContainer ? 'warning' : 'critical',
      ...of(node),
      message: isContainer
        ? 'its clock is not synchronised: it is a container, so that is for its host to do'
        : `its clock is not synchronised: ${by}`,
    }),
  ]
}

function jumped(node: HealthNode, now: number): readonly Finding[] {
  const jump = node.observation?.clock?.jump
  if (jump === undefined) return []
  const ago = now - (jump.at - (node.clockOffsetMs ?? 0))
  if (ago > JUMP_REMEMBERED_MS) return []
  const by = `${jump.byMs > 0 ? 'forward' : 'back'} by ${(Math.abs(jump.byMs) / 1000).toFixed(1)} s`
  return [
    finding({
      code: 'clock-jumped',
      severity: 'critical',
      ...of(node),
      message: `its clock was set ${by} within the last ${JUMP_REMEMBERED_MS / 60_000} minutes`,
    }),
  ]
}

function offset(node: HealthNode, { clockOffsetSeconds }: HealthThresholds): readonly Finding[] {
  const { clockOffsetMs, observation } = node
  if (clockOffsetMs === undefined || observation === undefined) return []
  const seconds = Math.abs(clockOffsetMs) / 1000
  const severity = whenAbove(seconds, clockOffsetSeconds)
  if (severity === undefined) return []
  const which = clockOffsetMs > 0 ? 'ahead of' : 'behind'
  return [
    finding({
      code: 'clock-offset',
      severity,
      ...of(node),
      message: `its clock is ${seconds.toFixed(0)} s ${which} the orchestrator's`,
    }),
  ]
}

/** Once each, though several instances may be on one. */
function disksOf({ observation }: HealthNode): readonly DiskSpace[] {
  const disks = [
    ...(observation?.instances ?? []).flatMap(({ health }) => health?.disks ?? []),
    ...(observation?.etcd?.disk === undefined ? [] : [observation.etcd.disk]),
  ]
  const same = ({ sizeBytes, availableBytes }: DiskSpace): string => `${sizeBytes} ${availableBytes}`
  return [...new Map(disks.map(disk => [same(disk), disk])).values()]
}

function nearlyFull(node: HealthNode, disk: DiskSpace, { diskFree }: HealthThresholds): readonly Finding[] {
  const share = disk.availableBytes / disk.sizeBytes
  const severity = whenBelow(share, diskFree)
  if (severity === undefined) return []
  const left = `${gigabytes(disk.availableBytes)} of ${gigabytes(disk.sizeBytes)} (${percent(share)})`
  return [
    finding({
      code: 'disk-nearly-full',
      severity,
      ...of(node),
      message: `the file system of ${disk.path} has ${left} left`,
    }),
  ]
}

function fewInodes(node: HealthNode, { path, inodes }: DiskSpace, thresholds: HealthThresholds): readonly Finding[] {
  if (inodes === undefined) return []
  const share = inodes.free / inodes.total
  const severity = whenBelow(share, thresholds.inodesFree)
  if (severity === undefined) return []
  const message = `the file system of ${path} has ${percent(share)} of its inodes left: soon no file can be made there`
  return [finding({ code: 'inodes-nearly-used', severity, ...of(node), message })]
}

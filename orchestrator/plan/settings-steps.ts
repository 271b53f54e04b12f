import type { ClusterRepair } from '../../shared/domain/cluster-drift.ts'
import type { InstanceName } from '../../shared/domain/ids.ts'
import type { Change, PlanPhase, PlanStep, SettingsStep, SettingsUndo } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { type ClusterWork, changesMoreThanLibraries, type WorkInput } from './cluster-work.ts'
import type { NodeWork } from './node-work.ts'
import { clusterPlace, warning, wordList } from './problems.ts'
import { instancePaths } from './render/paths.ts'

interface Given {
  readonly input: WorkInput
  readonly clusters: readonly ClusterWork[]
  readonly nodes: readonly NodeWork[]
}

/** Where parameters of a running cluster have just changed: a value that is refused is found before anything else is touched. */
export function comparePhases(given: Given): readonly PlanPhase[] {
  return given.clusters
    .filter(work => work.state === 'running' && work.undo !== undefined)
    .filter(work => work.preload === undefined || changesMoreThanLibraries(work))
    .map(work => comparePhase(work, given))
}

/** Libraries are named when they lie on every member, and not before: a server that cannot find one does not start. */
export function preloadPhases(given: Given): readonly PlanPhase[] {
  const loading = given.clusters.filter(({ state, preload }) => state === 'running' && preload !== undefined)
  const steps = loading.flatMap(({ cluster, preload }): readonly PlanStep[] =>
    preload === undefined ? [] : [{ kind: 'configure-patroni', cluster: cluster.name, patch: preload }],
  )
  return [
    { name: 'name libraries', steps },
    ...loading.filter(({ undo }) => undo !== undefined).map(work => comparePhase(work, given)),
  ]
}

function comparePhase(work: ClusterWork, given: Given): PlanPhase {
  return {
    name: `compare settings of ${work.cluster.name}`,
    steps: [settingsStep('compare-settings', work, given)],
  }
}

/** What somebody changed and is put back must show on every member, once everything of an apply that could be in the way is done. */
export function compareRepairedPhases(given: Given): readonly PlanPhase[] {
  return given.clusters
    .filter(({ repair, undo }) => undo === undefined && repair !== undefined && changesSettings(repair))
    .map(work => ({
      name: `compare settings of ${work.cluster.name}`,
      steps: [settingsStep('compare-settings', work, given)],
    }))
}

function changesSettings({ configuration, servers }: ClusterRepair): boolean {
  return configuration !== undefined || servers.length > 0
}

/** After packages and files, since a library is loaded at a start; before what needs it. One cluster after the other. */
export function restartPhases(given: Given): readonly PlanPhase[] {
  return given.clusters
    .filter(work => restarts(work, given.input))
    .map(work => ({ name: `restart ${work.cluster.name}`, steps: [settingsStep('restart-members', work, given)] }))
}

export function restartChanges(work: ClusterWork, input: WorkInput): readonly Change[] {
  if (!restarts(work, input)) return []
  const detail = 'members with settings that wait for it, one after the other'
  return [{ verb: 'update', subject: `restart of ${work.cluster.name}`, reason: 'requested', detail }]
}

function restarts(work: ClusterWork, input: WorkInput): boolean {
  const isAskedFor = input.restart === true && work.state === 'running'
  return isAskedFor && (changesAtStart(work).length > 0 || isPending(work, input))
}

/** What the plan changes and no server notices before its next start. */
export function checkRestarts(work: ClusterWork, { spec, restart }: WorkInput): readonly Problem[] {
  const names = changesAtStart(work)
  if (restart === true || work.state !== 'running' || names.length === 0) return []
  const { cluster } = work
  return [
    warning({
      code: 'restart-pending',
      message: `${wordList(names)} of cluster ${cluster.name} will wait for a restart`,
      hint: `Apply with --restart, or later: drover cluster restart ${cluster.name} --pending`,
      ...clusterPlace(spec, cluster),
    }),
  ]
}

function changesAtStart({ settings }: ClusterWork): readonly string[] {
  return [...new Set(settings.filter(({ restart }) => restart).map(({ name }) => name))]
}

/** An earlier apply, or somebody's hand, has left something to take at a restart. */
function isPending({ allocation }: ClusterWork, { snapshot }: WorkInput): boolean {
  const members = new Set(allocation.members.map(({ instance }) => instance))
  return snapshot.nodes.some(({ observation }) =>
    (observation?.instances ?? []).some(
      ({ instance, pendingRestart }) => pendingRestart === true && members.has(instance),
    ),
  )
}

function settingsStep(kind: SettingsStep['kind'], work: ClusterWork, given: Given): SettingsStep {
  const { cluster } = work
  const undo = undoOf(work, given)
  return {
    kind,
    cluster: cluster.name,
    awaitSynchronous: cluster.durability !== 'async' && cluster.standbyOf === undefined,
    own: ownNames(work, given.input),
    ...(undo === undefined ? {} : { undo }),
  }
}

function ownNames(
  { cluster, allocation }: ClusterWork,
  { snapshot, memberSettings }: WorkInput,
): Readonly<Record<InstanceName, readonly string[]>> {
  const before = snapshot.appliedSettings?.[cluster.name]?.byInstance ?? {}
  const names = (instance: InstanceName): readonly string[] =>
    [...new Set([...Object.keys(before[instance] ?? {}), ...Object.keys(memberSettings[instance] ?? {})])].toSorted()
  return Object.fromEntries(allocation.members.map(({ instance }) => [instance, names(instance)]))
}

/** Only Patroni's files go back: whatever else a node got stays. */
function undoOf({ undo, settings, allocation }: ClusterWork, { nodes }: Given): SettingsUndo | undefined {
  const ownChanges = new Set(settings.flatMap(({ instance }) => instance ?? []))
  const manifests = nodes.flatMap(({ node, complete }) => {
    const paths = allocation.members
      .filter(({ instance, nodeId }) => nodeId === node.id && ownChanges.has(instance))
      .map(({ instance }) => instancePaths(instance).patroniConfig)
    const old = new Map((node.manifest?.files ?? []).map(file => [file.path, file]))
    if (paths.length === 0 || paths.some(path => !old.has(path))) return []
    const files = complete.files.map(file => (paths.includes(file.path) ? (old.get(file.path) ?? file) : file))
    return [{ nodeId: node.id, manifest: { ...complete, files } }]
  })
  if (undo === undefined && manifests.length === 0) return undefined
  return { patch: undo ?? {}, manifests }
}

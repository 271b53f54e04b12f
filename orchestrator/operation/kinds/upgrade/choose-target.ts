import { upstream } from '../../../../shared/domain/debian-version.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { FleetRuntime, RuntimeId } from '../../../../shared/domain/runtime.ts'
import type { RuntimeTrialArgs } from '../../../../shared/domain/runtime-trial.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { putRuntime } from '../../../inventory/fleet-runtimes.ts'
import { clusterPackages } from '../../../plan/packages.ts'
import { isServerPackage, runtimeOf } from '../../../plan/runtime-packages.ts'
import type { ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'
import { refuseHeld } from './refuse-held.ts'
import { choosePackages, type PackageSet, runtimeIdOf, serverPackages } from './target.ts'

/** Where the members of a cluster are to go, and where they are. */
export interface Target {
  /** Null: what is installed. */
  readonly runtime: FleetRuntime | null
  /** `17.12`. */
  readonly serverVersion: string
  readonly before: Readonly<Record<InstanceName, RuntimeId | null>>
  readonly nodes: readonly NodeId[]
  readonly trial: Omit<RuntimeTrialArgs, 'runtime'>
}

export interface TargetRequest {
  readonly cluster: ClusterName
  /** `17.12`, or an exact Debian version. Absent: the newest on offer. */
  readonly to?: string
  /** A runtime that the fleet has, or null for what is installed: comes before `to`. */
  readonly back?: RuntimeId | null
  /** The same on the way forward: what a campaign has laid out and tried already. */
  readonly runtime?: RuntimeId | null
  /** Releases of the hold list that are named all the same. */
  readonly allowHeld?: readonly string[]
}

/** Looks up what is on offer. The runtime becomes known to the fleet with it. Errors: `not-found`; `conflict` for a held release. */
export function chooseTarget(request: TargetRequest): ProgramStep<Target> {
  return {
    title: `choose the version for ${request.cluster}`,
    async act(context) {
      const snapshot = await context.fleet.snapshot({})
      const scene = sceneOf(request.cluster, snapshot)
      const isChosen = chosenOf(request) !== undefined
      const offers = isChosen ? {} : await context.shelf.offers(scene.os, scene.names, context.signal)
      const target = await withNeeds(targetOf(request, scene, offers, snapshot), snapshot, context)
      if (!isChosen) refuseHeld(target, request.allowHeld ?? [], await context.fleet.heldReleases())
      const { runtime, serverVersion } = target
      return {
        result: target,
        detail: `PostgreSQL ${serverVersion}${runtime === null ? ' as it is installed' : `, runtime ${runtime.id}`}`,
        alongside: runtime === null ? [] : [putRuntime(runtime)],
      }
    },
  }
}

export interface ClusterScene {
  readonly os: string
  readonly major: number
  /** Packages that a runtime of the cluster has. */
  readonly names: readonly string[]
  /** The same as they are installed; a name that is absent is not. */
  readonly installed: Readonly<Record<string, string>>
  readonly before: Target['before']
  readonly nodes: readonly NodeId[]
  readonly trial: Target['trial']
}

/** Throws `not-found` for a cluster that was never applied. Pure. */
export function sceneOf(name: ClusterName, snapshot: Snapshot): ClusterScene {
  const spec = snapshot.appliedSpec?.clusters.find(cluster => cluster.name === name)
  const allocation = snapshot.allocations.clusters[name]
  if (spec === undefined || allocation === undefined)
    throw new DroverError('not-found', `there is no cluster ${name}`, { hint: 'drover cluster list' })
  const { postgresVersion: major, members } = allocation
  const nodes = members.flatMap(({ nodeId }) => snapshot.nodes.find(node => node.id === nodeId) ?? [])
  const [first] = nodes
  if (first?.os === undefined) throw new DroverError('conflict', `no node of ${name} says what it runs`)
  const preload = snapshot.appliedSettings?.[name]?.shared['shared_preload_libraries'] ?? ''
  const extensions = [spec.template, ...spec.databases].flatMap(database => database.extensions.map(each => each.name))
  return {
    os: first.os,
    major,
    names: clusterPackages(spec, major).filter(each => isServerPackage(each, major)),
    installed: Object.fromEntries((first.manifest?.packages ?? []).map(each => [each.name, each.version])),
    before: Object.fromEntries(
      members.map(({ instance }) => [instance, runtimeOf({ instance }, name, snapshot)?.id ?? null]),
    ),
    nodes: [...new Set(members.map(({ nodeId }) => nodeId))],
    trial: {
      postgresVersion: major,
      preload: preload
        .split(',')
        .map(each => each.trim())
        .filter(each => each !== ''),
      extensions: [...new Set(extensions)].sort(),
    },
  }
}

/** Throws `not-found` when there is no such version. Pure. */
export function targetOf(
  request: TargetRequest,
  { os, major, names, installed, ...others }: ClusterScene,
  offers: Parameters<typeof choosePackages>[0]['offers'],
  { runtimes }: Snapshot,
): Target {
  const { before, nodes, trial } = others
  const asInstalled: Target = {
    runtime: null,
    serverVersion: upstream(installed[`postgresql-${major}`] ?? ''),
    before,
    nodes,
    trial,
  }
  const chosen = chosenOf(request)
  if (chosen === null) return asInstalled
  if (chosen !== undefined) {
    const runtime = runtimes?.known[chosen]
    if (runtime === undefined) throw new DroverError('not-found', `the fleet has no runtime ${chosen}`)
    return { runtime, serverVersion: runtime.serverVersion, before, nodes, trial }
  }
  const set = choosePackages({ major, names, offers, ...(request.to === undefined ? {} : { to: request.to }) })
  if (isInstalled(set, installed)) return asInstalled
  const runtime = { id: runtimeIdOf(set), os, postgresVersion: major, ...set }
  return { runtime: runtimes?.known[runtime.id] ?? runtime, serverVersion: set.serverVersion, before, nodes, trial }
}

function chosenOf({ back, runtime }: TargetRequest): RuntimeId | null | undefined {
  return back === undefined ? runtime : back
}

/** With what its packages depend on of the same kind. */
export async function withNeeds(
  target: Target,
  { runtimes }: Snapshot,
  { shelf, signal }: StepContext,
): Promise<Target> {
  const { runtime } = target
  if (runtime === null || runtimes?.known[runtime.id] !== undefined) return target
  const all = await shelf.closure({ os: runtime.os, packages: runtime.packages, signal })
  const packages = serverPackages(runtime.packages, all, runtime.postgresVersion)
  const whole = { ...runtime, packages, id: runtimeIdOf({ ...runtime, packages }) }
  return { ...target, runtime: runtimes?.known[whole.id] ?? whole }
}

function isInstalled({ packages }: PackageSet, installed: Readonly<Record<string, string>>): boolean {
  return packages.every(({ name, version }) => installed[name] === version)
}

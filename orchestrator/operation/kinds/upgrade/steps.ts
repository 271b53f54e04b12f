import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { FleetRuntime, RuntimeId } from '../../../../shared/domain/runtime.ts'
import type { RuntimeTrial, RuntimeTrialArgs } from '../../../../shared/domain/runtime-trial.ts'
import { putClusterRuntime, putInstanceRuntime, putStaged } from '../../../inventory/fleet-runtimes.ts'
import { ledTo, withRuntime } from '../../../plan/runtime-manifest.ts'
import { awaitMembers } from '../../members/await-members.ts'
import type { Member } from '../../members/member.ts'
import type { ProgramStep } from '../../program.ts'
import { changeManifest } from '../../steps/change-manifest.ts'
import { resultOf } from '../../steps/outcome.ts'
import type { Target } from './choose-target.ts'

/** A server replays from its last restart point first. */
const BACK_MS = 10 * 60_000
const TRIAL_MS = 5 * 60_000

/** The fleet repository has the runtime's packages. */
export function fetchRuntime({ os, packages, id }: FleetRuntime): ProgramStep<null> {
  return {
    title: `fetch runtime ${id}`,
    async act({ shelf, signal, progress }) {
      await shelf.fill({ os, packages, signal, onProgress: progress })
      return { result: null, detail: `${packages.length} packages for ${os}` }
    },
  }
}

/** The runtime lies on the node, beside whatever runs there. */
export function layOut(nodeId: NodeId, runtime: FleetRuntime): ProgramStep<null> {
  return {
    title: `lay out runtime ${runtime.id}`,
    nodeId,
    async act(context) {
      const { detail } = await changeManifest(nodeId, manifest => withRuntime(manifest, runtime), context)
      return { result: null, detail, alongside: [putStaged(nodeId, runtime.id)] }
    },
  }
}

/** Errors: `failed` with what does not work there. */
export function tryRuntime(nodeId: NodeId, { runtime, trial }: Target): ProgramStep<RuntimeTrial> {
  return tryRuntimeWith(nodeId, { ...trial, runtime: runtime?.id ?? null })
}

export function tryRuntimeWith(nodeId: NodeId, args: RuntimeTrialArgs): ProgramStep<RuntimeTrial> {
  return {
    title: `try runtime ${args.runtime ?? 'installed'}`,
    nodeId,
    async act({ runner, operationId, stepId, attempt, signal, progress }) {
      const outcome = await runner.run({
        nodeId,
        kind: 'runtime.try',
        args,
        operationId,
        stepId,
        attempt,
        timeoutMs: TRIAL_MS,
        signal,
        onProgress: progress,
      })
      const result = resultOf(outcome) as RuntimeTrial
      const { serverVersion, sizeBytes, tookMs, extensions } = result
      const made = Object.entries(extensions).map(([name, version]) => `${name} ${version}`)
      const size = sizeBytes === 0 ? '' : `, ${Math.round(sizeBytes / 1e6)} MB`
      return {
        result,
        detail: `${serverVersion} starts${made.length === 0 ? '' : ` with ${made.join(', ')}`}: ${tookMs} ms${size}`,
      }
    },
  }
}

/** Counts from the next start of the instance on; nothing that runs notices. */
export function leadTo(member: Member, runtime: RuntimeId | null): ProgramStep<null> {
  const { instance, nodeId } = member
  return {
    title: `lead ${instance} to ${runtime ?? 'what is installed'}`,
    nodeId,
    async act(context) {
      const { detail } = await changeManifest(nodeId, manifest => ledTo(manifest, instance, runtime), context)
      return { result: null, detail, alongside: [putInstanceRuntime(instance, runtime)] }
    },
  }
}

export function awaitRunning(cluster: ClusterName, members: readonly Member[]): ProgramStep<null> {
  return awaitMembers({ cluster, members, timeoutMs: BACK_MS })
}

/** What members that come later get. */
export function settle(cluster: ClusterName, { runtime, serverVersion }: Target): ProgramStep<null> {
  return {
    title: `${cluster} is at ${serverVersion}`,
    async act() {
      return {
        result: null,
        detail: `new members get ${runtime?.id ?? 'what is installed'}`,
        alongside: [putClusterRuntime(cluster, runtime?.id ?? null)],
      }
    },
  }
}

export function notUpgraded(cluster: ClusterName, why: string, back: string): DroverError {
  return new DroverError('failed', `${cluster} is not upgraded: ${why}; ${back}`, {
    retryable: false,
    hint: `drover cluster show ${cluster}`,
  })
}

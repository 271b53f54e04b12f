import type { ProvisionArgs, ProvisionResult } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId, OperationId } from '../../../shared/domain/ids.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { contentHash } from '../../../shared/lib/hash.ts'
import type { CommandRunner } from '../dependencies.ts'
import type { Secrets } from '../secrets.ts'
import { resultOf } from '../steps/outcome.ts'

export type FoundObjects = { readonly differences: readonly ObjectDifference[] } | { readonly why: string }

/** What provisioning would change: asked of the primary's node by a signed dry run, which carries the verifiers of passwords. */
export type ObjectDifferences = (question: {
  readonly cluster: ClusterName
  readonly nodeId: NodeId
  readonly instance: InstanceName
  readonly args: ProvisionArgs
  /** Digest of what is there; as long as it and the arguments are the same, so is the answer, and nobody is asked. */
  readonly digest: string
  readonly operationId: OperationId
  readonly timeoutMs: number
  readonly signal: AbortSignal
}) => Promise<FoundObjects>

export function createObjectDifferences(tools: {
  readonly runner: CommandRunner
  readonly secrets: Secrets
}): ObjectDifferences {
  const known = new Map<ClusterName, { readonly of: string; readonly differences: readonly ObjectDifference[] }>()
  return async ({ cluster, nodeId, instance, args, digest, operationId, timeoutMs, signal }) => {
    const { instance: _, ...content } = args
    const of = `${digest} ${contentHash(content)}`
    const before = known.get(cluster)
    if (before?.of === of) return before
    try {
      const outcome = await tools.runner.run({
        nodeId,
        kind: 'postgres.provision',
        args: await tools.secrets.resolve({ ...args, dryRun: true }),
        operationId,
        stepId: `objects of ${instance}`,
        attempt: 1,
        timeoutMs: Math.round(timeoutMs),
        signal,
      })
      const { differences = [] } = resultOf(outcome) as ProvisionResult
      known.set(cluster, { of, differences })
      return { differences }
    } catch (error) {
      signal.throwIfAborted()
      return { why: DroverError.from(error).message }
    }
  }
}

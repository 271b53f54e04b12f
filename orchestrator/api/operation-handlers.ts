import type { PlanRequest__Output } from '../../proto/gen/drover/v1/PlanRequest.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { FINDING_CODES, type FindingCode } from '../../shared/domain/health.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { PlanIntent } from '../../shared/domain/plan.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { encodeEvent, encodeOperation, encodeSummary } from './encode-operation.ts'
import { encodePlan } from './encode-plan.ts'
import { encodeUpgrade } from './encode-upgrade.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1000

type OperationMethods =
  | 'Plan'
  | 'Apply'
  | 'StartOperation'
  | 'ListOperations'
  | 'ShowOperation'
  | 'WatchOperation'
  | 'CancelOperation'
  | 'ResumeOperation'
  | 'ShowUpgrade'

export function createOperationHandlers(deps: ApiDeps): Pick<FleetServer, OperationMethods> {
  const { operations, audit, fleet, clock } = deps
  return {
    Plan: async (request, context) => {
      actorOf(context, fleet.id)
      const { specYaml, fileName, rebalance, maxMoves } = request
      const plan = await operations.plan({
        specYaml,
        fileName,
        ...(rebalance ? { rebalance: maxMoves > 0 ? { maxMoves } : {} } : {}),
        intent: intentOf(request),
        signal: context.signal,
      })
      return encodePlan(plan, await nodeNames())
    },
    Apply: async (request, context) => {
      const actor = actorOf(context, fleet.id)
      const { specYaml, fileName, planId } = request
      const ignoreHealth = findingCodes(request.ignoreHealth)
      const { plan, operationId } = await operations.apply({
        specYaml,
        fileName,
        ...(planId === '' ? {} : { planId }),
        intent: intentOf(request),
        ignoreHealth,
        actor,
        signal: context.signal,
      })
      const detail =
        operationId === null
          ? 'no changes'
          : `operation ${operationId}${despite(ignoreHealth)}, ${plan.changes.length} changes`
      await audit.append({ type: 'plan:applied', actor, subject: plan.planId, detail })
      return { plan: encodePlan(plan, await nodeNames()), operationId: operationId ?? '' }
    },
    StartOperation: async ({ kind, requestJson, ignoreHealth: ignored }, context) => {
      const actor = actorOf(context, fleet.id)
      const ignoreHealth = findingCodes(ignored)
      const operationId = await operations.begin({ kind, request: readJson(requestJson), actor, ignoreHealth })
      const { summary } = await operations.show(operationId)
      const detail = `operation ${operationId}${despite(ignoreHealth)}`
      await audit.append({ type: `operation:${kind}`, actor, subject: summary.subject, detail })
      return { operationId }
    },
    ListOperations: async (request, context) => {
      actorOf(context, fleet.id)
      const limit = request.limit <= 0 ? DEFAULT_LIMIT : Math.min(request.limit, MAX_LIMIT)
      return { operations: (await operations.list(limit)).map(encodeSummary) }
    },
    ShowOperation: async (request, context) => {
      actorOf(context, fleet.id)
      return encodeOperation(await operations.show(request.operationId), clock.now())
    },
    ShowUpgrade: async ({ operationId }, context) => {
      actorOf(context, fleet.id)
      return encodeUpgrade(await operations.campaign(operationId === '' ? undefined : operationId))
    },
    WatchOperation: async function* (request, context) {
      actorOf(context, fleet.id)
      const signal = AbortSignal.any([context.signal, deps.stopping])
      for await (const event of operations.watch(request.operationId, request.afterCursor, signal)) {
        yield encodeEvent(event)
      }
    },
    CancelOperation: async (request, context) => {
      const actor = actorOf(context, fleet.id)
      const details = await operations.cancel(request.operationId, actor)
      await audit.append({ type: 'operation:cancelled', actor, subject: request.operationId, detail: '' })
      return encodeOperation(details, clock.now())
    },
    ResumeOperation: async (request, context) => {
      const actor = actorOf(context, fleet.id)
      const details = await operations.resume(request.operationId, actor)
      await audit.append({ type: 'operation:resumed', actor, subject: request.operationId, detail: '' })
      return encodeOperation(details, clock.now())
    },
  }

  async function nodeNames(): Promise<ReadonlyMap<NodeId, string>> {
    return new Map((await deps.registry.list()).map(({ id, name }) => [id, name]))
  }
}

/** For the audit log. */
function despite(ignored: readonly FindingCode[]): string {
  return ignored.length === 0 ? '' : `, in spite of ${ignored.join(', ')}`
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DroverError('invalid', 'the request of an operation must be JSON', { cause })
  }
}

function findingCodes(texts: readonly string[]): readonly FindingCode[] {
  return texts.map(text => {
    const code = FINDING_CODES.find(each => each === text)
    if (code !== undefined) return code
    throw new DroverError('invalid', `there is no finding ${JSON.stringify(text)}`, {
      hint: `findings are: ${FINDING_CODES.join(', ')}`,
    })
  })
}

function intentOf({ remove, restart, keepMs }: Pick<PlanRequest__Output, 'remove' | 'restart' | 'keepMs'>): PlanIntent {
  return { remove, restart, ...(keepMs === undefined ? {} : { keepMs }) }
}

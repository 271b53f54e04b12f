import type { NodeDrift } from '../../proto/gen/drover/v1/NodeDrift.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetServer } from '../../shared/wire/services.ts'
import { currentDrift } from '../inventory/snapshot-builder.ts'
import type { Comparison } from '../operation/compare-hosts.ts'
import { actorOf } from './actor.ts'
import type { ApiDeps } from './api-deps.ts'
import { type NodeView, readView } from './fleet-view.ts'

/** Somebody waits for the answer; a busy host is not waited for. */
const WITHIN_MS = 15_000

export function createDriftHandlers(deps: ApiDeps): Pick<FleetServer, 'Drift'> {
  return {
    Drift: async (request, context) => {
      actorOf(context, deps.fleet.id)
      const signal = AbortSignal.any([context.signal, deps.stopping])
      const wanted = await nodes(request.node)
      const nodeIds = wanted.map(({ record }) => record.id)
      const comparisons = await deps.compareHosts({ nodeIds, withinMs: WITHIN_MS, signal })
      return { nodes: wanted.map(view => encodeDrift(view, comparisons.get(view.record.id) ?? NOT_ASKED)) }
    },
  }

  async function nodes(node: string): Promise<readonly NodeView[]> {
    const view = await readView(deps)
    const all = [...view.nodes.values()].filter(({ record }) => record.state !== 'pending')
    const wanted = node === '' ? all : all.filter(({ record }) => record.name === node || record.id === node)
    if (node !== '' && wanted.length === 0) {
      throw new DroverError('not-found', `no node is called ${JSON.stringify(node)}`, { hint: 'drover node list' })
    }
    return wanted
  }
}

const NOT_ASKED: Comparison = { why: 'it was not asked' }

/** What the agent has just found, or what it said last and why it says nothing now. */
function encodeDrift({ record, live, manifest }: NodeView, comparison: Comparison): NodeDrift {
  const isNew = 'report' in comparison
  const report = isNew ? comparison.report : currentDrift(live, manifest)
  if (report === undefined) {
    return { node: record.name, items: [], state: 'unknown', detail: isNew ? '' : comparison.why }
  }
  const items = report.items.map(item => ({ ...item }))
  return {
    node: record.name,
    items,
    state: items.length === 0 ? 'ok' : 'drifted',
    checkedAtMs: report.checkedAt - (live.clockOffsetMs ?? 0),
    detail: isNew ? '' : `${comparison.why}; this is what it said last`,
  }
}

import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Plan } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { messageType } from '../../../shared/wire/definitions.ts'
import { encodePlan } from '../../api/encode-plan.ts'
import { defaultPlanner } from '../../operation/default-planner.ts'
import { type PlanRequest, planAgainst } from '../../operation/make-plan.ts'
import { type PaperFleet, readFactsFile } from './read-facts-file.ts'

/** What stands for the version of a package that was not looked up. */
const ASSUMED_VERSION = 'assumed'

/**
 * A plan for empty hosts of a facts file, made in this process: no orchestrator is asked. The answer is what the API
 * would give. Throws `invalid` with every problem of the facts file or of the spec.
 */
export async function planOnPaper(
  request: Omit<PlanRequest, 'signal'> & { readonly facts: { readonly text: string; readonly fileName: string } },
): Promise<PlanResponse__Output> {
  const fleet = readFactsFile(request.facts.text, request.facts.fileName)
  const warnings: Problem[] = []
  const plan = await planAgainst(request, {
    planner: defaultPlanner,
    snapshotFor: async spec => {
      const offer = packagesFor(spec, fleet)
      if (offer.assumed.length > 0) warnings.push(notChecked(offer.assumed, request.facts.fileName))
      return paperSnapshot(spec, fleet, offer.packages)
    },
  })
  const names = new Map(fleet.nodes.map(({ id, name }) => [id, name]))
  const { serialize, deserialize } = messageType('PlanResponse')
  const complete = { ...withAssumptions(plan, fleet), problems: [...plan.problems, ...warnings] }
  return deserialize(serialize(encodePlan(complete, names)))
}

/** A fleet of which nothing has been applied yet. There is no time on paper, so that the same files give the same plan. */
function paperSnapshot(spec: FleetSpec, { nodes }: PaperFleet, packages: Snapshot['packages']): Snapshot {
  return {
    revision: 0,
    now: 0,
    fleet: { id: 'paper', name: spec.fleet.name },
    nodes,
    allocations: { etcd: null, clusters: {} },
    packages,
    repository: { urls: {}, suite: 'drover', key: '' },
  }
}

/** The file decides about packages that it was asked about; whatever it could not know of is taken to be on offer. */
function packagesFor(
  spec: FleetSpec,
  fleet: PaperFleet,
): { readonly packages: Snapshot['packages']; readonly assumed: readonly string[] } {
  const assumed = new Set<string>()
  const systems = [...new Set(fleet.nodes.flatMap(node => node.os ?? []))].sort()
  const packages = systems.map(os => {
    const listed = fleet.packages[os]
    const unasked = listed === undefined ? defaultPlanner.requiredPackages(spec, os) : namedPackages(spec)
    const missing = unasked.filter(name => listed?.[name] === undefined)
    for (const name of missing) assumed.add(name)
    return [os, { ...Object.fromEntries(missing.map(name => [name, ASSUMED_VERSION])), ...listed }] as const
  })
  return { packages: Object.fromEntries(packages), assumed: [...assumed].sort() }
}

/** A fact of a host that no agent has seen is marked wherever it decided something. */
function withAssumptions(plan: Plan, { assumed }: PaperFleet): Plan {
  const mark = <T extends { readonly from: string }>(each: T): T => ({
    ...each,
    from: each.from.replaceAll(/\bof ([A-Za-z0-9.-]*[A-Za-z0-9])/g, (text, name: string) =>
      assumed.has(name) ? `${text} (assumed)` : text,
    ),
  })
  return { ...plan, settings: plan.settings.map(mark), kernel: plan.kernel.map(mark) }
}

function namedPackages(spec: FleetSpec): readonly string[] {
  return spec.clusters.flatMap(cluster => cluster.packages)
}

function notChecked(names: readonly string[], fileName: string): Problem {
  const shown = names.slice(0, 3).join(', ')
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return {
    code: 'packages-not-checked',
    severity: 'warning',
    message: `${fileName} does not say whether ${shown}${more} are on offer: taken as given, versions were not checked`,
    hint: '`drover node list --json` writes them for hosts that have enrolled',
  }
}

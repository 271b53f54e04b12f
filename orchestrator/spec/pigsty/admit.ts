import type { Problem } from '../../../shared/domain/problem.ts'
import { checkExtensions } from '../../plan/check-extensions.ts'
import { checkParameters } from '../../plan/check-parameters.ts'
import { checkFile, specOf } from './check-file.ts'
import type { Ledger } from './ledger.ts'
import type { FleetDraft } from './map/fleet.ts'
import { nativeSteps, type Step } from './native-path.ts'
import type { Loss } from './treatment.ts'

/** Keys without which their item means nothing: the item goes with them. */
const REQUIRED = new Set(['name', 'owner', 'user', 'database', 'address', 'port', 'role', 'to', 'on', 'grant', 'from'])
/** Lists whose items can be left out one by one. */
const LISTS = new Set([
  'users',
  'databases',
  'hba',
  'services',
  'privileges',
  'memberOf',
  'schemas',
  'extensions',
  'packages',
  'backup',
  'grant',
  'for',
])

/** Keys that make up the shape of the fleet: without them it would be another one. */
const SHAPE = new Set([
  'version',
  'fleet',
  'etcd',
  'clusters',
  'members',
  'placement',
  'nodes',
  'replicas',
  'standbyOf',
  'postgresVersion',
])

/**
 * Takes out of the fleet file what Drover would refuse, so that the rest can be used, and notes each as lost with the reason. What is
 * left over is wrong with the fleet as a whole, and is returned.
 */
export function admit(file: FleetDraft, ledger: Ledger): readonly Problem[] {
  for (;;) {
    const refused = errorsOf(file)
    const removals = refused.flatMap(problem => removalFor(file, problem) ?? [])
    if (removals.length === 0) return refused
    for (const removal of removals) takeOut(removal, ledger)
  }
}

/** What a plan of this file would be refused for, whatever the nodes. */
function errorsOf(file: FleetDraft): readonly Problem[] {
  const problems = checkFile(file).filter(isError)
  if (problems.length > 0) return problems
  const spec = specOf(file, () => undefined)
  return spec.clusters
    .flatMap(cluster => {
      const input = { spec, cluster, major: cluster.postgresVersion ?? 18 }
      return [...checkParameters(input), ...checkExtensions(input)]
    })
    .filter(isError)
}

function isError({ severity }: Problem): boolean {
  return severity === 'error'
}

/** The steps to the innermost value that can be left out. */
interface Removal {
  readonly problem: Problem
  readonly steps: readonly Step[]
}

function removalFor(file: FleetDraft, problem: Problem): Removal | undefined {
  const steps = nativeSteps(file, problem.path ?? '')
  const last = steps.findLastIndex((step, index) => isOptional(step, steps[index - 1]))
  return last < 0 ? undefined : { problem, steps: steps.slice(0, last + 1) }
}

function isOptional({ key, parent }: Step, above: Step | undefined): boolean {
  if (above === undefined) return false
  if (Array.isArray(parent)) return typeof above.key === 'string' && LISTS.has(above.key)
  if (above.key === 'parameters') return true
  return typeof key === 'string' && !REQUIRED.has(key) && !LISTS.has(key) && !SHAPE.has(key)
}

/** What went into the value is lost, and so is what went into the key that holds it, also where that key is inside another map. */
function takeOut({ steps, problem }: Removal, ledger: Ledger): void {
  const last = steps.at(-1)
  if (last === undefined || !remove(last)) return
  const hint = problem.hint?.startsWith('Did you mean') === true ? `. ${problem.hint}` : ''
  const because: Loss = { reason: `${problem.message}${hint}`, instead: 'it is left out' }
  for (const part of partsOf(last.value)) ledger.withdraw({ part }, because)
  if (isPart(last.value)) return
  const keys: string[] = []
  for (const { parent, key } of steps.toReversed()) {
    if (Array.isArray(parent)) {
      if (keys.length > 0) return
      continue
    }
    keys.unshift(String(key))
    if (ledger.withdraw({ part: parent, key: keys.join('.') }, because) === 0) {
      ledger.withdraw({ part: parent, key: String(key) }, because)
    }
  }
}

/** The value and all maps inside it. */
function partsOf(value: unknown): readonly object[] {
  if (!isPart(value)) return []
  return [value, ...Object.values(value).flatMap(partsOf)]
}

function isPart(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** False when it is gone already, because of another problem of the same value. */
function remove({ parent, key, value }: Step): boolean {
  if (!Array.isArray(parent)) return Object.hasOwn(parent, key) && Reflect.deleteProperty(parent, key)
  const index = parent.indexOf(value)
  if (index >= 0) parent.splice(index, 1)
  return index >= 0
}

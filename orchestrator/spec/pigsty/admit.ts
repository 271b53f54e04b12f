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
    if (!refused.some(problem => takeOut({ file, problem, ledger }))) return refused
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

function takeOut({
  file,
  problem,
  ledger,
}: {
  readonly file: FleetDraft
  readonly problem: Problem
  readonly ledger: Ledger
}): boolean {
  const steps = nativeSteps(file, problem.path ?? '')
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index]
    if (step === undefined || !isOptional(step, steps[index - 1])) continue
    withdraw({ steps: steps.slice(0, index + 1), ledger, problem })
    remove(step)
    return true
  }
  return false
}

function isOptional({ key, parent }: Step, above: Step | undefined): boolean {
  if (above === undefined) return false
  if (Array.isArray(parent)) return typeof above.key === 'string' && LISTS.has(above.key)
  if (above.key === 'parameters') return true
  return typeof key === 'string' && !REQUIRED.has(key) && !LISTS.has(key) && !SHAPE.has(key)
}

/** What went into the value is lost, and so is what went into the key that holds it, also where that key is inside another map. */
function withdraw({
  steps,
  ledger,
  problem,
}: {
  readonly steps: readonly Step[]
  readonly ledger: Ledger
  readonly problem: Problem
}): void {
  const hint = problem.hint?.startsWith('Did you mean') === true ? `. ${problem.hint}` : ''
  const because: Loss = { reason: `${problem.message}${hint}`, instead: 'it is left out' }
  const value = steps.at(-1)?.value
  for (const part of partsOf(value)) ledger.withdraw({ part }, because)
  if (isPart(value)) return
  const keys: string[] = []
  for (const { parent, key } of [...steps].reverse()) {
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

function remove({ parent, key }: Step): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else Reflect.deleteProperty(parent, key)
}

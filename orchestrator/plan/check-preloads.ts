import type { Problem } from '../../shared/domain/problem.ts'
import type { DatabaseSpec, ExtensionSpec } from '../../shared/domain/spec.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { withRequired } from './extensions.ts'
import { clusterPlace, failure, warning, wordList } from './problems.ts'

/** Extensions that this plan cannot create yet; the rest of it goes on. */
export function checkPreloads(work: ClusterWork, { spec, snapshot }: WorkInput): readonly Problem[] {
  const { cluster } = work
  const before = snapshot.appliedSpec?.clusters.find(({ name }) => name === cluster.name)
  const stuck = cluster.databases.flatMap((database, index) =>
    before?.databases.some(({ name }) => name === database.name) === true
      ? []
      : baselineNeeds({ database, index, work, spec }),
  )
  if (stuck.length > 0) return stuck
  return [
    ...cluster.databases.flatMap((database, index) =>
      waits({ extensions: database.extensions, whose: `database ${database.name}`, place: `databases[${index}]` }),
    ),
    ...waits({ extensions: cluster.template.extensions, whose: 'the template', place: 'template' }),
  ]

  function waits(home: {
    readonly extensions: readonly ExtensionSpec[]
    readonly whose: string
    readonly place: string
  }): readonly Problem[] {
    const { extensions, whose, place } = home
    return (['restart', 'packages'] as const).flatMap(why => {
      const waiting = extensions.filter(each => each.waits === why)
      if (waiting.length === 0) return []
      const names = `${wordList(waiting.map(({ name }) => name))} of ${whose} in cluster ${cluster.name}`
      return [
        warning({
          code: 'extension-waits',
          message: `${names} ${waiting.length === 1 ? 'waits' : 'wait'}: ${because(why, waiting, work)}`,
          hint:
            why === 'restart'
              ? `Apply with --restart; or \`drover cluster restart ${cluster.name} --pending\`, and apply again.`
              : 'Apply again when all nodes are back: `drover node list`.',
          ...clusterPlace(spec, cluster, `${place}.extensions`),
        }),
      ]
    })
  }
}

/** A baseline runs once, after the extensions of its database: it may need them. */
function baselineNeeds({
  database: { name, baseline, extensions },
  index,
  work,
  spec,
}: {
  readonly database: DatabaseSpec
  readonly index: number
  readonly work: ClusterWork
  readonly spec: WorkInput['spec']
}): readonly Problem[] {
  const waiting = extensions.filter(({ waits }) => waits !== undefined)
  const why = waiting.find(({ waits }) => waits === 'packages') === undefined ? 'restart' : 'packages'
  if (baseline === undefined || waiting.length === 0) return []
  return [
    failure({
      code: 'baseline-needs-extension',
      message: `the baseline of the new database ${name} in cluster ${work.cluster.name} runs once, after its extensions, and ${wordList(waiting.map(each => each.name))} cannot be created yet: ${because(why, waiting, work)}`,
      hint: why === 'restart' ? 'Apply with --restart.' : 'Apply again when all nodes are back: `drover node list`.',
      ...clusterPlace(spec, work.cluster, `databases[${index}].baseline`),
    }),
  ]
}

function because(
  why: NonNullable<ExtensionSpec['waits']>,
  waiting: readonly ExtensionSpec[],
  { allocation }: ClusterWork,
): string {
  if (why === 'packages') return 'its package must lie on every member first, and the node of one cannot be changed now'
  const libraries = waiting.flatMap(({ name }) =>
    withRequired(name, allocation.postgresVersion).flatMap(({ preload }) => preload ?? []),
  )
  return `${wordList([...new Set(libraries)].sort())} must be loaded when PostgreSQL starts`
}

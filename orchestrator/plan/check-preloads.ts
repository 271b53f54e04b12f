import type { Problem } from '../../shared/domain/problem.ts'
import { preloads } from './check-extensions.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { clusterPlace, failure, wordList } from './problems.ts'

/** A running cluster cannot create an extension whose library it has not loaded, and an apply restarts nothing. */
export function checkPreloads(
  { cluster, allocation, state, settings }: ClusterWork,
  { spec }: WorkInput,
): readonly Problem[] {
  const change = settings.find(({ name }) => name === 'shared_preload_libraries')
  if (state !== 'running' || change === undefined) return []
  const loaded = (change.from ?? '').split(',')
  const missing = preloads(cluster, allocation.postgresVersion).filter(library => !loaded.includes(library))
  if (missing.length === 0) return []
  return [
    failure({
      code: 'needs-restart',
      message: `${wordList(missing)} must be loaded when PostgreSQL starts, and cluster ${cluster.name} runs without; an apply restarts nothing`,
      hint: `Apply \`parameters.shared_preload_libraries: ${missing.join(',')}\` without the extension first, restart the cluster, then declare the extension.`,
      ...clusterPlace(spec, cluster, 'databases'),
    }),
  ]
}

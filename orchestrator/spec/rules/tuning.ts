import { gives, type Loose, looseMap } from '../loose.ts'
import type { Report } from '../report.ts'

/** A wish to tuning that a parameter overrules. */
export function checkTuning(cluster: Loose, report: Report): void {
  const tuning = looseMap(cluster, 'tuning')
  const parameters = looseMap(cluster, 'parameters')
  if (!gives(tuning, 'sharedBuffersRatio') || !gives(parameters, 'shared_buffers')) return
  report({
    code: 'unused-ratio',
    message: '`sharedBuffersRatio` has no effect: `parameters.shared_buffers` wins',
    path: [...tuning.path, 'sharedBuffersRatio'],
    hint: 'Keep one of the two.',
    severity: 'warning',
  })
}

import type { Problem } from '../../shared/domain/problem.ts'
import type { Path } from './source.ts'

/** Reports a problem at a place of the file; the reporter adds line and column. */
export type Report = (
  problem: Pick<Problem, 'code' | 'message' | 'hint'> & {
    readonly path: Path
    readonly severity?: Problem['severity']
  },
) => void

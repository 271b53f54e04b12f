import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Program, ProgramStep } from '../../program.ts'

export interface WayBack {
  /** `pg-main`, `haproxy of node-1`. */
  readonly what: string
  /** What was not well. */
  readonly because: string
  /** Answers with how it went. */
  readonly step: ProgramStep<string>
}

/** Takes all of them back, side by side. Answers with the failure of the campaign. */
export async function rollBack(ways: readonly WayBack[], op: Program): Promise<DroverError> {
  const ends = await Promise.all(ways.map(({ step }) => op.step(step)))
  const said = ways.map(({ what, because }, index) => `${what}: ${because}; ${ends[index] ?? ''}`)
  return new DroverError('failed', `the upgrade ends here: ${said.join('; ')}`, {
    retryable: false,
    hint: `drover operation show ${op.operationId}`,
  })
}

import { DroverError } from '../../../../shared/domain/errors.ts'
import type { OperationKind } from '../../program.ts'
import { differenceError } from '../../settings/settings-agree.ts'
import {
  type FailedRestart,
  type RollingRestart,
  type RollingRestartReport,
  rollingRestart,
} from './rolling-restart.ts'

export type RestartOutput = Omit<RollingRestartReport, 'failed' | 'differences'>

/**
 * Restarts the servers of a cluster without a failed transaction (docs/operations.md). Nothing is taken back but the poolers that
 * are held: what has been restarted stays so, and the same command goes on with what is left.
 */
export const restart: OperationKind<RollingRestart, RestartOutput> = {
  kind: 'restart',
  async run(input, op) {
    const { failed, differences, ...output } = await rollingRestart(input, op)
    const failure = failed === undefined ? differenceError(differences, RESTARTED) : restartFailure(failed, output)
    if (failure !== undefined) throw failure
    return { output }
  },
}

const RESTARTED = 'all have been restarted, but '

export function restartFailure(failed: FailedRestart, { restarted, stallMs }: RestartOutput): DroverError {
  const { instance, because, wasPrimary, refused, leader } = failed
  const what = refused ? `${instance} does not start: ${because}` : `${instance} is not back: ${because}`
  const leads = leader === null ? 'nobody leads now' : `${leader} ${leader === instance ? 'leads' : 'leads now'}`
  const who = wasPrimary
    ? `; ${leads}; clients waited for ${stallMs} ms`
    : `; the primary ${leader ?? ''} was not touched`
  const done = restarted.length === 0 ? '' : `; restarted before: ${restarted.join(', ')}`
  return new DroverError('failed', `${what}${who}${done}`, {
    retryable: false,
    hint: 'mend the setting in the fleet file and apply it; drover cluster show names what waits for a restart',
  })
}

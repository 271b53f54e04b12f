import { DroverError } from '../../../../shared/domain/errors.ts'
import { type HeldRelease, whyHeld } from '../../../plan/campaign/held-releases.ts'
import type { Target } from './choose-target.ts'

/** Throws `conflict` when members would move to a release of the hold list that nobody has named. Pure. */
export function refuseHeld(
  { serverVersion, runtime, before }: Pick<Target, 'serverVersion' | 'runtime' | 'before'>,
  allowed: readonly string[],
  held: readonly HeldRelease[],
): void {
  if (Object.values(before).every(id => id === (runtime?.id ?? null))) return
  const because = whyHeld(serverVersion, held, allowed)
  if (because === undefined) return
  throw new DroverError('conflict', `${serverVersion} is held: ${because}`, {
    retryable: false,
    hint: `choose another with --to, or name it all the same: --allow-held ${serverVersion}`,
  })
}

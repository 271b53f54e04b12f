import { join } from 'node:path'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { majorOn } from '../../orchestrator/plan/operating-systems.ts'
import { firstApply } from './first-apply.ts'
import type { TestFleet } from './fleet.ts'
import { hostOs } from './host-os.ts'
import { offerAlso } from './offer-also.ts'
import { olderRelease } from './older-release.ts'

/**
 * The first apply of a lab, with a PostgreSQL that can be upgraded: the newest release is held meanwhile, and an older one on offer.
 * Answers with that one and with the fleet file's path.
 */
export async function beginWithOlder(
  fleet: TestFleet,
  name: string,
  spec: string,
): Promise<{ readonly older: string; readonly file: string }> {
  const folder = join(labFleetPaths(name, fleet.context).directory, 'older-release')
  const { source, older, newest } = await olderRelease({ os: hostOs(), major: majorOn(hostOs(), undefined), folder })
  await offerAlso(fleet, name, [source])
  await hold(fleet, 'hold', newest, '--because', 'the test begins before it')
  const file = await firstApply(fleet, spec)
  await hold(fleet, 'unhold', newest)
  return { older, file }
}

async function hold(fleet: TestFleet, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await fleet.drover('upgrade', ...args)
  if (code !== 0) throw new Error(stderr)
}

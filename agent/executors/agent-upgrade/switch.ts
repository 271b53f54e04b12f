import { DroverError } from '../../../shared/domain/errors.ts'
import type { HostFiles } from '../../host/files-types.ts'
import type { Exec } from '../../host/host.ts'
import type { HostPackages } from '../../host/packages.ts'
import type { Systemd } from '../../host/systemd.ts'
import type { Quiet } from '../../session/quiet.ts'
import type { Executor } from '../executor.ts'
import { folderOf, GIVEN_UP, RETURN_TO, UNIT_FILE, unitTextFor, versionIn } from './places.ts'
import { armReturn, restartSoon } from './return.ts'
import { isInstalled, unitIn } from './stage.ts'

export interface SwitchParts {
  readonly exec: Exec
  readonly files: Pick<HostFiles, 'readText' | 'writeAtomic' | 'remove'>
  readonly packages: Pick<HostPackages, 'status'>
  readonly systemd: Pick<Systemd, 'daemonReload'>
  readonly quiet: Quiet
  readonly agentVersion: string
  /** Unix milliseconds. */
  readonly now: () => number
}

const LONGEST_MS = 24 * 3_600_000

/**
 * The way back is armed first, and one rename of the unit's file decides which version systemd starts from then on, also after a reboot.
 * The restart comes a moment later, so that the answer goes out before; until then nothing new is taken in.
 */
export function createAgentSwitch(parts: SwitchParts): Executor<'agent.switch'> {
  const { files, agentVersion, systemd, quiet } = parts
  return async ({ args: { version, keepWithinMs }, signal }) => {
    if (version === agentVersion) return { running: agentVersion, restarts: false }
    refuseOddTime(keepWithinMs)
    await refuseForeignUnit(files)
    const [before, after] = [await unitOf(agentVersion, parts), await unitOf(version, parts)]
    if (!quiet.close())
      throw new DroverError('locked', 'this host is in the middle of something else', {
        retryable: true,
        hint: 'the agent starts anew when nothing is under way',
      })
    try {
      await files.remove({ path: GIVEN_UP })
      if (before === null) await files.remove({ path: RETURN_TO })
      else await files.writeAtomic({ path: RETURN_TO, content: before, mode: 0o644 })
      const until = parts.now() + keepWithinMs
      await armReturn({ from: version, to: agentVersion, until, isInstalled: before === null }, parts, signal)
      if (after === null) await files.remove({ path: UNIT_FILE })
      else await files.writeAtomic({ path: UNIT_FILE, content: after, mode: 0o644 })
      await systemd.daemonReload(signal)
      await restartSoon(parts, signal)
    } catch (error) {
      quiet.open()
      throw error
    }
    return { running: agentVersion, restarts: true }
  }
}

/** What systemd is to read so that it starts this version; null: nothing beside what is installed. */
async function unitOf(version: string, { files, packages }: SwitchParts): Promise<string | null> {
  const packaged = await files.readText(unitIn(folderOf(version)))
  if (packaged !== null) return unitTextFor(version, packaged)
  if (await isInstalled(packages, version)) return null
  throw new DroverError('not-found', `agent ${version} does not lie on this host`, { retryable: false })
}

function refuseOddTime(keepWithinMs: number): void {
  if (keepWithinMs >= 1_000 && keepWithinMs <= LONGEST_MS) return
  throw new DroverError('invalid', `a version is kept within a second to a day, not ${keepWithinMs} ms`, {
    retryable: false,
  })
}

async function refuseForeignUnit(files: Pick<HostFiles, 'readText'>): Promise<void> {
  const text = await files.readText(UNIT_FILE)
  if (text === null || versionIn(text) !== null) return
  throw new DroverError('conflict', `somebody has put a unit of their own at ${UNIT_FILE}`, {
    retryable: false,
    hint: 'changes to the unit belong into drop-ins: systemctl edit drover-agent.service',
  })
}

import { isAgentVersion } from '../../../shared/domain/agent-upgrade.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { HostFiles } from '../../host/files-types.ts'
import type { Executor } from '../executor.ts'
import { GIVEN_UP, RETURN_TO, UNIT_FILE, VERSIONS, versionIn } from './places.ts'
import { forgetReturn, haltReturn, type ReturnParts, restartSoon } from './return.ts'

export interface KeepParts extends ReturnParts {
  readonly files: Pick<HostFiles, 'readText' | 'writeAtomic' | 'remove' | 'list'>
  readonly agentVersion: string
}

/** What the running version gave up of the one that is asked for. */
const SHOWN = 400

/**
 * The version that runs stays. What ran before stays, too, so that the way back needs no download; versions before that go. A host that
 * is on its way back already goes there.
 */
export function createAgentKeep(parts: KeepParts): Executor<'agent.keep'> {
  const { files, agentVersion } = parts
  return async ({ args: { version }, signal }) => {
    if (version !== agentVersion) throw await notHere(version, parts)
    await haltReturn(parts, signal)
    const unit = await files.readText(UNIT_FILE)
    const back = await files.readText(RETURN_TO)
    if ((await files.readText(GIVEN_UP)) !== null) {
      // Halted in the middle of the way back: whatever the unit's file says is what is to run.
      await restartSoon(parts, signal)
      throw new DroverError('conflict', `this host has given agent ${version} up`, { retryable: false })
    }
    await forgetReturn(parts, signal)
    const kept = new Set([version, ...[unit, back].flatMap(text => (text === null ? [] : (versionIn(text) ?? [])))])
    for (const name of (await files.list(VERSIONS)) ?? [])
      if (isLaidOut(name) && !kept.has(name)) await files.remove({ path: `${VERSIONS}/${name}`, recursive: true })
    return {}
  }
}

async function notHere(version: string, { files, agentVersion }: KeepParts): Promise<DroverError> {
  const [given = '', ...said] = ((await files.readText(GIVEN_UP)) ?? '').trim().split('\n')
  const words = given === version ? `, which this host has given up: ${said.join(' / ').slice(-SHOWN)}` : ''
  return new DroverError('conflict', `agent ${agentVersion} runs here, not ${version}${words}`, { retryable: false })
}

/** One that is half laid out counts, too. */
function isLaidOut(name: string): boolean {
  return isAgentVersion(name.replace(/^\./, '').replace(/\.partial$/, ''))
}

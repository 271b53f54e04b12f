import { AGENT_PACKAGE } from '../../../shared/domain/agent-upgrade.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { HostFiles } from '../../host/files-types.ts'
import type { Exec } from '../../host/host.ts'
import type { HostPackages } from '../../host/packages.ts'
import type { Executor } from '../executor.ts'
import { folderOf, INSTALLED, VERSIONS } from './places.ts'

export interface StageParts {
  readonly exec: Exec
  readonly files: Pick<HostFiles, 'readText' | 'writeAtomic' | 'mkdir' | 'remove' | 'rename'>
  readonly packages: Pick<HostPackages, 'status' | 'unpack' | 'sourceFiles'>
  readonly agentVersion: string
  readonly monotonic: () => number
}

const TRIAL_TIMEOUT_MS = 30_000

/**
 * A version appears whole, by a rename, once it has told its own version: its Node runs on this host and its bundle loads. What is there
 * already is only tried again.
 */
export function createAgentStage(parts: StageParts): Executor<'agent.stage'> {
  const { files, packages, agentVersion } = parts
  return async ({ args: { source, version }, signal, progress }) => {
    const since = parts.monotonic()
    const done = () => ({ running: agentVersion, tookMs: Math.round(parts.monotonic() - since) })
    if (await isInstalled(packages, version)) {
      await tryOut({ root: '', version, exec: parts.exec, signal })
      return done()
    }
    const folder = folderOf(version)
    if ((await files.readText(unitIn(folder))) === null) {
      const partial = `${VERSIONS}/.${version}.partial`
      progress(`laying out agent ${version}`)
      await files.mkdir({ path: VERSIONS, mode: 0o700 })
      await files.remove({ path: partial, recursive: true })
      await files.mkdir({ path: partial, mode: 0o755 })
      await files.mkdir({ path: '/etc/drover/apt', mode: 0o755 })
      for (const file of packages.sourceFiles(source)) await files.writeAtomic({ ...file, mode: 0o644 })
      await packages.unpack({ source, packages: [{ name: AGENT_PACKAGE, version }], into: partial, signal })
      await tryOut({ root: partial, version, exec: parts.exec, signal })
      await files.rename({ from: partial, to: folder })
    }
    await tryOut({ root: folder, version, exec: parts.exec, signal })
    return done()
  }
}

/** The version is the one that dpkg has installed on this host: there is nothing to lay out. */
export async function isInstalled(packages: Pick<HostPackages, 'status'>, version: string): Promise<boolean> {
  return (await packages.status()).installed.get(AGENT_PACKAGE) === version
}

/** The unit as the package in that folder brings it. */
export function unitIn(folder: string): string {
  return `${folder}/usr/lib/systemd/system/drover-agent.service`
}

async function tryOut(trial: {
  readonly root: string
  readonly version: string
  readonly exec: Exec
  readonly signal: AbortSignal
}): Promise<void> {
  const { root, version, exec, signal } = trial
  const home = `${root}${INSTALLED}`
  const argv = [`${home}/node`, '--disable-warning=DEP0123', `${home}/agent.mjs`, '--version'] as const
  const { code, stdout, stderr } = await exec({ argv, timeoutMs: TRIAL_TIMEOUT_MS, signal })
  const said = stdout.trim()
  if (code === 0 && said === `drover-agent ${version}`) return
  const why = code === 0 ? `it says that it is ${JSON.stringify(said.slice(0, 100))}` : stderr.trim().slice(0, 300)
  throw new DroverError('failed', `agent ${version} does not run on this host: ${why}`, { retryable: false })
}

import { join } from 'node:path'
import type { AptSource } from '../../orchestrator/packages/apt-source.ts'
import { publish } from '../../orchestrator/packages/publish.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import { openSigningKey } from '../../orchestrator/packages/signing-key.ts'

/** The packages below `folder/source/pool` as a source with an index, signed by a key of its own. */
export async function localSource(folder: string): Promise<AptSource> {
  const directory = sourceDirectory(folder)
  const key = await openSigningKey({ home: join(folder, 'key'), run: runCommand })
  const cacheFile = join(folder, 'index.db')
  await publish({ osDirectory: directory, architecture: 'amd64', cacheFile, key, run: runCommand })
  await key.close()
  return { uris: [`file:${directory}`], suites: ['drover'], components: ['main'], signedBy: key.publicKey }
}

/** Where its packages belong, as `poolPath` says. */
export function sourceDirectory(folder: string): string {
  return join(folder, 'source')
}

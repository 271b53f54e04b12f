import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startOrchestrator } from '../../orchestrator/compose/start-orchestrator.ts'
import { createLog } from '../../shared/lib/log.ts'
import { say } from '../../test/support/crash/armable-failpoints.ts'
import { noPackages } from '../../test/support/no-packages.ts'
import { offered } from '../../test/support/snapshot-builder.ts'
import { NEWER, OLDER } from './crowd-world.ts'
import { OFFERS_FILE } from './offers-file.ts'

/** A real orchestrator in a process of its own, with made-up packages: PostgreSQL in an older version, or in both. */
const [, , directory = ''] = process.argv
// Ctrl-C is for whoever started it, and ends this by closing its input.
process.on('SIGINT', () => undefined)
const names = offered(17)
const running = await startOrchestrator({
  directory,
  log: createLog({ level: 'error' }),
  openPackages: async () => ({
    ...noPackages(),
    versions: async request => Object.fromEntries(await Promise.all(request.names.map(versionsOf))),
    resolve: async ({ packages }) => ({ packages: packages.map(resolved), missing: [] }),
    fill: async () => ({ packages: [], downloaded: 0, downloadedBytes: 0 }),
  }),
})
say({ ready: true, ports: running.ports })
for await (const _line of createInterface({ input: process.stdin })) void 0
// Whoever started it is gone.
process.exit()

async function versionsOf(name: string): Promise<readonly [string, readonly { version: string; pooled: boolean }[]]> {
  if (names[name] === undefined) return [name, []]
  const which = await readFile(join(directory, '..', OFFERS_FILE), 'utf8').catch(() => '')
  const versions = which === 'both' ? [NEWER, OLDER] : [OLDER]
  return [name, versions.map(version => ({ version: `${version}-1`, pooled: true }))]
}

function resolved(text: string) {
  const [name = '', version = `${OLDER}-1`] = text.split('=')
  return { name, version, architecture: 'amd64', sizeBytes: 1, sha256: '', filename: `pool/${name}.deb` }
}

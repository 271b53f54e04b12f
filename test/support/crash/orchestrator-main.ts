import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { startOrchestrator } from '../../../orchestrator/compose/start-orchestrator.ts'
import { systemClock } from '../../../shared/lib/clock.ts'
import { createLog } from '../../../shared/lib/log.ts'
import { noPackages } from '../no-packages.ts'
import { offered } from '../snapshot-builder.ts'
import { ArmableFailpoints, say } from './armable-failpoints.ts'
import { openChildStore } from './child-store.ts'
import { OLDER, OTHER } from './fake-versions.ts'

/** A real orchestrator in a process of its own: failpoints as lines in, what happens as JSON lines out. */
const [, , directory = '', storeSocket = ''] = process.argv
const failpoints = new ArmableFailpoints()
const versions = offered(17)
const running = await startOrchestrator({
  directory,
  log: createLog({ level: 'error' }),
  clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 10, signal) },
  failpoints,
  ...(storeSocket === '' ? {} : { openStore: () => openChildStore(storeSocket) }),
  openPackages: async () => ({
    ...noPackages(),
    versions: async ({ names }) => Object.fromEntries(names.map(name => [name, onOffer(name)])),
    resolve: async ({ packages }) => ({ packages: packages.map(resolved), missing: [] }),
    fill: async () => ({ packages: [], downloaded: 0, downloadedBytes: 0 }),
  }),
})
running.core.lost.addEventListener('abort', () => say({ lost: true }))
if (running.core.lost.aborted) say({ lost: true })
say({ ready: true, ports: running.ports, epoch: running.core.leadership.epoch })
// Killed processes leave none behind.
flushCompileCache()
for await (const text of createInterface({ input: process.stdin })) {
  failpoints.arm(text)
  say({ armed: text })
}
// Whoever started it is gone.
process.exit()

/** The newest first. */
function onOffer(name: string): readonly { version: string; pooled: boolean }[] {
  const newest = versions[name]
  if (newest === undefined) return []
  const all = [newest, name.startsWith('postgresql-') ? `${OLDER}-1` : newest + OTHER]
  return all.map(version => ({ version, pooled: true }))
}

function resolved(text: string) {
  const [name = '', version = versions[name] ?? ''] = text.split('=')
  return { name, version, architecture: 'amd64', sizeBytes: 1, sha256: '', filename: `pool/${name}.deb` }
}

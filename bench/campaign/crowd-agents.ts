import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { runAgent } from '../../agent/agent.ts'
import { createHost } from '../../agent/host/host.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createLog } from '../../shared/lib/log.ts'
import { say } from '../../test/support/crash/armable-failpoints.ts'
import { crowdHost } from './crowd-host.ts'
import { CrowdWorld } from './crowd-world.ts'

/** The real agents of many made-up machines, in one process: `crowd-agents FOLDER NODE...` */
const [, , directory = '', ...names] = process.argv
// Ctrl-C is for whoever started it, and ends this by closing its input.
process.on('SIGINT', () => undefined)
/** Between agents: machines do not boot in the same moment, and all join from one address, which the orchestrator lets do only so much. */
const APART_MS = 150
const world = new CrowdWorld(directory)
say({ ready: true })
void (async () => {
  for (const name of names) {
    start(name)
    await delay(APART_MS)
  }
})()
for await (const _line of createInterface({ input: process.stdin })) void 0
// Whoever started it is gone.
process.exit()

function start(name: string): void {
  void runAgent(
    {
      host: createHost({ root: join(directory, name) }),
      paths: { config: '/etc/drover', state: '/var/lib/drover-agent' },
      credentialDirectories: [],
      factsProcess: { nodePath: process.execPath, scriptPath: '' },
      agentVersion: 'test',
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      machine: crowdHost(world, name, (cluster, version) => say({ cluster, version })),
    },
    new AbortController().signal,
  )
}

import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { runAgent } from '../../../agent/agent.ts'
import { createHost } from '../../../agent/host/host.ts'
import { WELCOME_MS } from '../../../agent/session/session.ts'
import { type Clock, systemClock } from '../../../shared/lib/clock.ts'
import { createLog } from '../../../shared/lib/log.ts'
import { ArmableFailpoints, say } from './armable-failpoints.ts'
import { fakeHost } from './fake-host.ts'
import { FakeWorld } from './fake-world.ts'

/** The agents of all made-up hosts in one process, so that a test can kill them all at any point: `agents-main.ts FOLDER NODE...` */
const [, , directory = '', ...names] = process.argv
const failpoints = new ArmableFailpoints()
const world = new FakeWorld(directory)
/** An agent says how it sees an unchanged host every ten seconds: here each second. */
const clock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * 10,
  sleep: (ms, signal) => systemClock.sleep(hurried(ms), signal),
}
for (const name of names)
  void runAgent(
    {
      host: createHost({ root: join(directory, name) }),
      paths: { config: '/etc/drover', state: '/var/lib/drover-agent' },
      credentialDirectories: [],
      factsProcess: { nodePath: process.execPath, scriptPath: '' },
      agentVersion: 'test',
      clock,
      log: createLog({ level: 'silent' }),
      failpoints,
      machine: fakeHost(world, name),
    },
    new AbortController().signal,
  )
say({ ready: true })
// Killed processes leave none behind.
flushCompileCache()
for await (const text of createInterface({ input: process.stdin })) {
  failpoints.arm(text)
  say({ armed: text })
}
// Whoever started it is gone.
process.exit()

/** Pauses are short, since the matrix has many rounds; nobody is given less time to answer, since machines may be slow. */
function hurried(ms: number): number {
  return ms === WELCOME_MS ? ms : Math.min(ms / 5, 500)
}

import { createInterface } from 'node:readline'
import { type RunningOrchestrator, startOrchestrator } from '../../orchestrator/compose/start-orchestrator.ts'
import type { RunRequest } from '../../orchestrator/dispatch/dispatcher.ts'
import { createLog } from '../../shared/lib/log.ts'
import { noPackages } from './no-packages.ts'

/** An orchestrator in a process of its own, so that a test can kill it: commands as JSON lines in, outcomes out. */
type Order = Omit<RunRequest, 'signal' | 'onProgress'>

const [, , directory = ''] = process.argv
const running = await startOrchestrator({
  directory,
  log: createLog({ level: 'warn' }),
  openPackages: async () => noPackages(),
})
say({ ports: running.ports, caPem: running.core.fleet.ca.caPem })
for await (const line of createInterface({ input: process.stdin })) void obey(running, JSON.parse(line) as Order)

async function obey({ core }: RunningOrchestrator, order: Order): Promise<void> {
  const outcome = await core.dispatcher.run({ ...order, signal: new AbortController().signal })
  say({ outcome })
}

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

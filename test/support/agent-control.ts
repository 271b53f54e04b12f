import { waitUntil } from '../../deploy/lab/wait-until.ts'
import type { TestFleet } from './fleet.ts'

/** SIGKILL, and nothing may start it again. */
export async function killAgent(fleet: TestFleet, node: string): Promise<void> {
  await fleet.lab.exec(node, ['systemctl', 'mask', '--runtime', '--quiet', 'drover-agent.service'])
  await fleet.lab.exec(node, ['systemctl', 'kill', '--signal=KILL', 'drover-agent.service'])
  await waitUntil({
    what: `the agent of ${node} to be dead`,
    timeoutMs: 20_000,
    intervalMs: 100,
    check: async () => ['failed', 'inactive'].includes(await agentState(fleet, node)),
  })
}

export async function reviveAgent(fleet: TestFleet, node: string): Promise<void> {
  await fleet.lab.exec(node, ['systemctl', 'unmask', '--runtime', '--quiet', 'drover-agent.service'])
  await fleet.lab.exec(node, ['systemctl', 'start', 'drover-agent.service'])
}

export async function agentState(fleet: TestFleet, node: string): Promise<string> {
  return (
    await fleet.lab.exec(node, ['systemctl', 'is-active', 'drover-agent.service'], { anyExit: true })
  ).stdout.trim()
}

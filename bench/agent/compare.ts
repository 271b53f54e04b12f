import { setTimeout as delay } from 'node:timers/promises'
import type { Lab } from '../../deploy/lab/lab.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { buildAgent } from '../../deploy/quickstart/build-agent.ts'
import { endLabFleet, type LabFleet, openLabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { ending } from '../ending.ts'
import { type ProcessUsage, readCpu, readMemory } from './process-usage.ts'

export interface Compare {
  readonly name: string
  readonly subnet: string
  readonly minutes: number
  readonly context: LabContext
}

/** Of one program, left alone. */
export interface Idle {
  readonly pssBytes: number
  readonly rssBytes: number
  /** Share of one core while it was left alone, 0 to 100. */
  readonly cpuPercent: number
}

export interface Comparison {
  readonly minutes: number
  readonly agent: Idle
  readonly bareNode: Idle
}

const host = 'node-1'
const bareUnit = 'bare-node.service'

/** Both run side by side on one host, start at about the same time and are looked at twice, before and after the wait. */
export async function compareWithBareNode({ name, subnet, minutes, context }: Compare): Promise<Comparison> {
  const guard = guardByOwner(name)
  try {
    await endLabFleet(name, context)
    const agentPackage = await buildAgent(context)
    const fleet = await openLabFleet({ name, subnet, fleetName: name }, context)
    await fleet.startOrchestrator()
    await fleet.bootHosts({ count: 1, os: 'debian13', agentPackage, labels: () => ({}) })
    await fleet.waitForNodes(1)
    return await compare(fleet, { minutes, context })
  } finally {
    await endLabFleet(name, ending(context))
    guard.release()
  }
}

async function compare(
  { lab, drover }: LabFleet,
  { minutes, context }: Pick<Compare, 'minutes' | 'context'>,
): Promise<Comparison> {
  const agent = await mainPid(lab, 'drover-agent.service')
  const node = (await lab.exec(host, ['readlink', `/proc/${agent}/exe`])).stdout.trim()
  await lab.exec(host, ['systemd-run', '--quiet', `--unit=${bareUnit}`, node, '-e', 'setInterval(()=>{},1e9)'])
  const bare = await mainPid(lab, bareUnit)
  const ticksPerSecond = Number((await lab.exec(host, ['getconf', 'CLK_TCK'])).stdout)
  const look = (pid: number): Promise<ProcessUsage> => usage(lab, pid, ticksPerSecond)

  const started = performance.now()
  const before = { agent: await look(agent), bare: await look(bare) }
  context.report(`${node}: leaving both alone for ${minutes} min`)
  await delay(minutes * 60_000, undefined, { signal: context.signal })
  const after = { agent: await look(agent), bare: await look(bare) }
  const seconds = (performance.now() - started) / 1000

  if ((await mainPid(lab, 'drover-agent.service')) !== agent) throw new Error('the agent was restarted meanwhile')
  const { nodes } = JSON.parse(await drover.require(['node', 'list', '--json'])) as {
    nodes: readonly { name: string; state: string }[]
  }
  const state = nodes.find(node => node.name === host)?.state
  if (state !== 'ready') throw new Error(`the agent is not connected: its node is ${state ?? 'not known'}`)
  return {
    minutes,
    agent: idle(before.agent, after.agent, seconds),
    bareNode: idle(before.bare, after.bare, seconds),
  }
}

function idle(before: ProcessUsage, { pssBytes, rssBytes, cpuSeconds }: ProcessUsage, seconds: number): Idle {
  return { pssBytes, rssBytes, cpuPercent: ((cpuSeconds - before.cpuSeconds) / seconds) * 100 }
}

async function mainPid(lab: Lab, unit: string): Promise<number> {
  const shown = await lab.exec(host, ['systemctl', 'show', '--property=MainPID', '--value', unit])
  const pid = Number(shown.stdout)
  if (pid > 0) return pid
  throw new Error(`${unit} does not run on ${host}`)
}

/** Memory of every process in the unit's control group, that is with children that run just now. */
async function usage(lab: Lab, pid: number, ticksPerSecond: number): Promise<ProcessUsage> {
  const rollups =
    'cat "/proc/$1/smaps_rollup"; for child in $(pgrep --parent "$1"); do cat "/proc/$child/smaps_rollup"; done'
  const memory = await lab.exec(host, ['sh', '-c', rollups, 'sh', String(pid)])
  const stat = await lab.exec(host, ['cat', `/proc/${pid}/stat`])
  return { ...readMemory(memory.stdout), cpuSeconds: readCpu(stat.stdout, ticksPerSecond) }
}

import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { TestFleet } from './fleet.ts'

/** Between two kills; an apply of a new cluster takes some 20 s. */
const QUIET_MS = { least: 1_000, most: 9_000 }
const MOST_KILLS = 4

/** Runs an apply and kills the orchestrator or an agent, again and again at random moments, until it has ended or enough have died. */
export async function applyUnderFire({
  fleet,
  file,
  random,
}: {
  readonly fleet: TestFleet
  readonly file: string
  readonly random: () => number
}): Promise<{ readonly code: number | null; readonly kills: readonly string[]; readonly stderr: string }> {
  const [program = '', ...args] = fleet.droverArgv
  const child = spawn(program, [...args, 'apply', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += String(chunk)
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  let isOver = false
  void ended.finally(() => {
    isOver = true
  })
  const kills: string[] = []
  while (kills.length < MOST_KILLS) {
    await Promise.race([ended, delay(QUIET_MS.least + random() * (QUIET_MS.most - QUIET_MS.least))])
    // Before the operation exists there is nothing to go on with: the command itself says so and may be repeated.
    if (isOver) break
    if (!/ (running|done) /.test(stderr)) continue
    kills.push(await killOne(fleet, Math.floor(random() * 4)))
  }
  return { code: await ended, kills, stderr }
}

/** 0 is the orchestrator, which is started again by hand; agents are started again by systemd. */
async function killOne(fleet: TestFleet, which: number): Promise<string> {
  if (which === 0) {
    await fleet.killOrchestrator()
    await fleet.startOrchestrator()
    return 'orchestrator'
  }
  const node = `node-${which}`
  await fleet.lab.exec(node, ['systemctl', 'kill', '--signal=KILL', 'drover-agent.service'])
  return `agent of ${node}`
}

import { describe, expect, it } from 'vitest'
import type { Command, CommandKind } from '../../shared/domain/command.ts'
import { createLanes, laneOf } from './lanes.ts'
import { createSerialLock } from './serial-lock.ts'

const { signal } = new AbortController()

describe('lanes of commands', () => {
  it('do not let a frozen command keep a pooler from being released', async () => {
    const lanes = createLanes(createSerialLock())
    for (const kind of ['converge', 'pooler.hold', 'patroni.switchover', 'patroni.configure'] as const)
      void lanes.run(command(kind), () => new Promise(() => undefined), signal)
    expect(await lanes.run(command('pooler.release'), async () => 'released', signal)).toBe('released')
  })

  it('keep commands of one kind for one instance in their order', async () => {
    const lanes = createLanes(createSerialLock())
    const story: string[] = []
    const first = Promise.withResolvers<void>()
    const work = (name: string, until?: Promise<void>) => async (): Promise<void> => {
      story.push(`${name} begins`)
      await until
      story.push(`${name} ends`)
    }
    const all = [
      lanes.run(command('pooler.hold', 'pg-main-1'), work('first', first.promise), signal),
      lanes.run(command('pooler.hold', 'pg-main-1'), work('second'), signal),
      lanes.run(command('pooler.hold', 'pg-other-1'), work('other'), signal),
    ]
    await all[2]
    expect(story).toEqual(['first begins', 'other begins', 'other ends'])
    first.resolve()
    await Promise.all(all)
    expect(story.slice(3)).toEqual(['first ends', 'second begins', 'second ends'])
  })

  it("share the machine's lane with the agent's own work", async () => {
    const machine = createSerialLock()
    const own = Promise.withResolvers<void>()
    const story: string[] = []
    void machine.run(() => own.promise.then(() => void story.push('own work')), signal)
    const converged = createLanes(machine).run(command('converge'), async () => void story.push('converge'), signal)
    own.resolve()
    await converged
    expect(story).toEqual(['own work', 'converge'])
  })

  it('hold up nothing that only looks', () => {
    expect(laneOf(command('converge', 'pg-main-1', true))).toBe('free')
    expect(laneOf(command('postgres.provision', 'pg-main-1', true))).toBe('free')
    expect(laneOf(command('postgres.await'))).toBe('free')
  })
})

function command(kind: CommandKind, instance = 'pg-main-1', dryRun = false): Command {
  return {
    fleetId: 'fleet',
    nodeId: 'node',
    nodeGeneration: 1,
    commandId: kind,
    operationId: 'operation',
    stepId: '1',
    attempt: 1,
    kind,
    args: { instance, dryRun },
    keysetVersion: 1,
    leaderEpoch: 1,
    sequence: 1,
    issuedAt: 0,
    notAfter: 0,
    maxRuntimeMs: 0,
  }
}

import { describe, expect, it, vi } from 'vitest'
import type { Converse, Exec } from '../../host/host.ts'
import { createHeldPoolers } from './held-poolers.ts'
import { createPoolerExecutors } from './hold-and-release.ts'

const target = { instance: 'pg-main-1', socketDirectory: '/run/drover-pgbouncer/pg-main-1-rw', port: 6432 }
const hold = { ...target, drainMs: 1_000, releaseAfterMs: 15_000 }

describe('a pooler', () => {
  it('is held only once the timer that releases it runs (S4)', async () => {
    const { lines, executors } = host()
    expect(await executors.hold(call(hold))).toEqual({ held: true, drainedMs: 10 })
    expect(lines).toEqual(['disarm', 'arm 15000ms RESUME', 'PAUSE'])
  })

  it('is not held when the timer cannot be armed', async () => {
    const { lines, executors } = host({ arm: { code: 1, stderr: 'no bus' } })
    await expect(executors.hold(call(hold))).rejects.toThrow('cannot be armed: no bus')
    expect(lines).toEqual(['disarm', 'arm 15000ms RESUME'])
  })

  it('goes on at once when transactions do not end in time', async () => {
    const { lines, executors } = host({ PAUSE: 'never' })
    expect(await executors.hold(call({ ...hold, drainMs: 20 }))).toEqual({ held: false })
    expect(lines).toEqual(['disarm', 'arm 15000ms RESUME', 'PAUSE', 'killed', 'RESUME by a new program', 'disarm'])
  })

  it('says how long it was held when it is released', async () => {
    const { lines, executors } = host()
    await executors.hold(call(hold))
    lines.length = 0
    expect(await executors.release(call(target))).toEqual({ heldMs: 20 })
    expect(lines).toEqual(['RESUME', 'disarm'])
  })

  it('makes clients wait from then until it is released', async () => {
    const { held, executors } = host()
    await executors.hold(call(hold))
    expect(held.any()).toBe(true)
    await executors.release(call(target))
    expect(held.any()).toBe(false)
  })

  it('is released by a new program when the session has ended meanwhile', async () => {
    const { lines, executors } = host({ RESUME: 'ended' })
    await executors.hold(call(hold))
    lines.length = 0
    await executors.release(call(target))
    expect(lines).toEqual(['RESUME', 'RESUME by a new program', 'disarm'])
  })

  it('is released although holding it does not come to an end, which is given up', async () => {
    const { lines, executors } = host({ PAUSE: 'never' })
    const holding = executors.hold(call({ ...hold, drainMs: 60_000 }))
    await vi.waitFor(() => expect(lines).toContain('PAUSE'))
    await executors.release(call(target))
    await expect(holding).rejects.toThrow('released while it was being held')
    expect(lines.slice(3)).toEqual(['killed', 'RESUME by a new program', 'disarm', 'RESUME by a new program', 'disarm'])
  })

  it('is released although HAProxy cannot be told, which is told', async () => {
    const { executors } = host()
    const route = { socketPath: '/nowhere/admin.sock', section: 'write-hop', to: 'pg-main-2', notTo: ['pg-main-1'] }
    expect(await executors.release(call({ ...target, route }))).toEqual({
      notRouted: 'HAProxy does not answer on /nowhere/admin.sock',
    })
  })

  it('may be released without having been held', async () => {
    const { executors } = host({ program: { code: 1, stderr: 'ERROR:  pooler is not paused/suspended' } })
    expect(await executors.release(call(target))).toEqual({})
  })

  it('that cannot be released says so', async () => {
    const { executors } = host({ program: { code: 2, stderr: 'connection refused' } })
    await expect(executors.release(call(target))).rejects.toMatchObject({ code: 'unavailable' })
  })
})

interface Answers {
  readonly arm?: { readonly code: number; readonly stderr: string }
  /** Of the program that is started to release a pooler. */
  readonly program?: { readonly code: number; readonly stderr: string }
  /** Of the open session. */
  readonly PAUSE?: 'never'
  readonly RESUME?: 'ended'
}

/** A host on which every command of the console takes 10 ms. */
function host(answers: Answers = {}) {
  const lines: string[] = []
  let now = 0
  const monotonic = (): number => now
  const exec: Exec = async ({ argv }) => {
    const nothing = { stdout: '', truncated: false, code: 0, stderr: '' }
    const command = /--command=(\w+)/.exec(argv.at(-1) ?? '')?.[1] ?? ''
    if (argv[0] === 'systemctl') {
      lines.push('disarm')
      return nothing
    }
    if (argv[0] === 'systemd-run') {
      const after = argv.find(part => part.startsWith('--on-active='))?.slice('--on-active='.length)
      lines.push(`arm ${after} ${command}`)
      return { ...nothing, ...answers.arm }
    }
    lines.push(`${command} by a new program`)
    now += 10
    return { ...nothing, ...answers.program }
  }
  const converse: Converse = async () => {
    const heard: (string | null)[] = []
    return {
      say: text => {
        const command = /^(PAUSE|RESUME)/.exec(text)?.[1] ?? text
        lines.push(command)
        now += 10
        const answer = command === 'PAUSE' ? answers.PAUSE : answers.RESUME
        if (answer !== 'never') heard.push(answer === 'ended' ? null : '--answered-- false')
      },
      hear: () => {
        const line = heard.shift()
        return line === undefined ? new Promise<never>(() => undefined) : Promise.resolve(line)
      },
      close: () => undefined,
      kill: async () => void (lines.at(-1) === 'killed' || lines.push('killed')),
    }
  }
  const held = createHeldPoolers({ monotonic })
  return { lines, held, executors: createPoolerExecutors({ exec, converse, monotonic, held }) }
}

function call<Args>(args: Args) {
  return { args, signal: new AbortController().signal, progress: () => undefined }
}

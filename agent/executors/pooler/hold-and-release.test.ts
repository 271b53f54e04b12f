import { describe, expect, it } from 'vitest'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { Exec } from '../../host/host.ts'
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
    const { lines, executors } = host({ PAUSE: new DroverError('timeout', 'psql did not end') })
    expect(await executors.hold(call(hold))).toEqual({ held: false })
    expect(lines).toEqual(['disarm', 'arm 15000ms RESUME', 'PAUSE', 'RESUME', 'disarm'])
  })

  it('says how long it was held when it is released', async () => {
    const { lines, executors } = host()
    await executors.hold(call(hold))
    lines.length = 0
    expect(await executors.release(call(target))).toEqual({ heldMs: 20 })
    expect(lines).toEqual(['RESUME', 'disarm'])
  })

  it('may be released without having been held', async () => {
    const { executors } = host({ RESUME: { code: 1, stderr: 'ERROR:  pooler is not paused/suspended' } })
    expect(await executors.release(call(target))).toEqual({})
  })

  it('that cannot be released says so', async () => {
    const { executors } = host({ RESUME: { code: 2, stderr: 'connection refused' } })
    await expect(executors.release(call(target))).rejects.toMatchObject({ code: 'unavailable' })
  })
})

type Answer = { readonly code: number; readonly stderr: string } | Error

/** A host on which every command of the console takes 10 ms. */
function host(answers: Readonly<Record<string, Answer>> = {}) {
  const lines: string[] = []
  let now = 0
  const exec: Exec = async ({ argv }) => {
    const command = /--command=(\w+)/.exec(argv.at(-1) ?? '')?.[1] ?? ''
    const word = argv[0] === 'systemctl' ? 'disarm' : argv[0] === 'systemd-run' ? 'arm' : command
    const after = argv.find(part => part.startsWith('--on-active='))?.slice('--on-active='.length)
    lines.push(word === 'arm' ? `arm ${after} ${command}` : word)
    if (argv[0] === '/usr/bin/psql') now += 10
    const answer = answers[word] ?? { code: 0, stderr: '' }
    if (answer instanceof Error) throw answer
    return { stdout: '', truncated: false, ...answer }
  }
  return { lines, executors: createPoolerExecutors({ exec, monotonic: () => now }) }
}

function call<Args>(args: Args) {
  return { args, signal: new AbortController().signal, progress: () => undefined }
}

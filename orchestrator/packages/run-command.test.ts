import { describe, expect, it } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'
import { runCommand } from './run-command.ts'

describe('runCommand', () => {
  it('gives output and exit code as they are', async () => {
    const result = await runCommand({ argv: ['sh', '-c', 'cat; echo oops >&2; exit 3'], input: 'hello' })
    expect(result).toEqual({ exitCode: 3, stdout: 'hello', stderr: 'oops\n' })
  })

  it('passes on status lines', async () => {
    const lines: string[] = []
    await runCommand({ argv: ['sh', '-c', 'echo a >&3; echo b >&3'] }, { onStatusLine: line => lines.push(line) })
    expect(lines).toEqual(['a', 'b'])
  })

  it('ends the whole process group on abort', async () => {
    const stop = new AbortController()
    const run = runCommand(
      { argv: ['sh', '-c', 'sleep 600 & echo ready >&3; wait'] },
      { signal: stop.signal, onStatusLine: () => stop.abort() },
    )
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
  })

  it('says what to install when a program is not there', async () => {
    await expect(runCommand({ argv: ['no-such-program'] })).rejects.toThrow(/no-such-program: it is not installed/)
  })
})

describe('oneAtATime', () => {
  it('starts work in order, each after the one before, failed ones included', async () => {
    const queue = oneAtATime()
    const log: string[] = []
    const work = (name: string, fails = false) =>
      queue(async () => {
        log.push(`${name} starts`)
        await Promise.resolve()
        log.push(`${name} ends`)
        if (fails) throw new Error(name)
      })
    const results = await Promise.allSettled([work('a', true), work('b'), work('c')])
    expect(results.map(result => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
  })

  it('does not start what was aborted while it waited', async () => {
    const queue = oneAtATime()
    const gate = Promise.withResolvers<void>()
    const first = queue(() => gate.promise)
    const stop = new AbortController()
    let started = false
    const second = queue(async () => {
      started = true
    }, stop.signal)
    stop.abort()
    gate.resolve()
    await first
    await expect(second).rejects.toMatchObject({ code: 'aborted' })
    expect(started).toBe(false)
  })
})

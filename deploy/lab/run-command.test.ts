import { describe, expect, it } from 'vitest'
import { runCommand as run } from './run-command.ts'

describe('running a program', () => {
  it('hands over input and gives back output', async () => {
    const result = await run({ argv: ['tr', 'a-z', 'A-Z'], input: 'drover' })
    expect(result).toEqual({ code: 0, stdout: 'DROVER', stderr: '' })
  })

  it('says what failed and why', async () => {
    await expect(run({ argv: ['sh', '-c', 'echo no such disk >&2; exit 7'] })).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/exit code 7: no such disk/),
    })
  })

  it('gives back any exit code when asked to', async () => {
    expect(await run({ argv: ['sh', '-c', 'exit 3'], anyExit: true })).toMatchObject({ code: 3 })
  })

  it('names a missing program and what to do', async () => {
    await expect(run({ argv: ['no-such-program'] })).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('prepare.sh'),
    })
  })

  it('ends the whole family of a program that takes too long', async () => {
    // `sleep` holds the pipe open: without the group's end this would wait for it.
    await expect(run({ argv: ['sh', '-c', 'sleep 100 & wait'], timeoutMs: 50 })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  it('stops at once when aborted', async () => {
    const abort = new AbortController()
    const pending = run({ argv: ['sleep', '100'], signal: abort.signal })
    abort.abort()
    await expect(pending).rejects.toMatchObject({ code: 'aborted' })
  })

  it('does not mind a program that ignores its input', async () => {
    expect(await run({ argv: ['true'], input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0 })
  })
})

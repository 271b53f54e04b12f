import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { execCommand } from './exec.ts'
import { createHost } from './host.ts'

const signal = new AbortController().signal
const timeoutMs = 10_000
const directory = mkdtempSync(join(tmpdir(), 'drover-exec-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('running a program', () => {
  it('answers with its exit code and both streams', async () => {
    const result = await execCommand({ argv: ['sh', '-c', 'echo out; echo err >&2; exit 3'], timeoutMs, signal })
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false })
  })

  it('hands over stdin, and does not mind a program that reads none of it', async () => {
    expect((await execCommand({ argv: ['cat'], stdin: 'secret', timeoutMs, signal })).stdout).toBe('secret')
    const unread = await execCommand({ argv: ['true'], stdin: 'x'.repeat(1_000_000), timeoutMs, signal })
    expect(unread.code).toBe(0)
  })

  it('passes arguments as they are, without a shell', async () => {
    const { stdout } = await execCommand({ argv: ['printf', '%s', '$(id) ; * "'], timeoutMs, signal })
    expect(stdout).toBe('$(id) ; * "')
  })

  it('inherits nothing from the environment of the agent', async () => {
    const { stdout } = await execCommand({ argv: ['env'], env: { ONLY: 'this' }, timeoutMs, signal })
    const names = stdout
      .trim()
      .split('\n')
      .map(line => line.split('=')[0])
    expect(new Set(names)).toEqual(new Set(['LANG', 'LC_ALL', 'ONLY', 'PATH']))
  })

  it('keeps the beginning of a long stdout and the end of a long stderr', async () => {
    const script = 'printf 0123456789; printf 0123456789 >&2'
    const result = await execCommand({ argv: ['sh', '-c', script], maxOutputBytes: 4, timeoutMs, signal })
    expect(result).toEqual({ code: 0, stdout: '0123', stderr: '6789', truncated: true })
  })

  it('drains output without end and still keeps little', async () => {
    const script = 'head -c 20000000 /dev/zero; echo done >&2'
    const result = await execCommand({ argv: ['sh', '-c', script], maxOutputBytes: 1000, timeoutMs, signal })
    expect(result.stdout).toHaveLength(1000)
    expect(result.stderr).toBe('done\n')
  })

  it('does not wait for a daemon that holds on to the pipes', async () => {
    const pidFile = join(directory, 'daemon')
    const script = `sleep 60 & echo $! > ${pidFile}; echo started`
    const result = await execCommand({ argv: ['sh', '-c', script], timeoutMs, signal })
    expect(result).toMatchObject({ code: 0, stdout: 'started\n' })
    process.kill(readPid(pidFile), 'SIGKILL')
  })

  it('tells the signal that ended it', async () => {
    const { code } = await execCommand({ argv: ['sh', '-c', 'kill -9 $$'], timeoutMs, signal })
    expect(code).toBe(137)
  })
})

describe('stopping a program', () => {
  it('ends the whole group after the time, also children that ignore SIGTERM', async () => {
    const pidFile = join(directory, 'stubborn')
    const script = `trap '' TERM; (trap '' TERM; sleep 60 & echo $! > ${pidFile}; wait) & wait`
    const run = execCommand({ argv: ['sh', '-c', script], timeoutMs: 300, killGraceMs: 100, signal })
    await expect(run).rejects.toMatchObject({
      code: 'timeout',
      message: 'sh did not end within 300 ms and was stopped',
    })
    await vi.waitFor(() => expect(isRunning(readPid(pidFile))).toBe(false))
  })

  it('lets a program clean up on SIGTERM', async () => {
    const mark = join(directory, 'cleaned')
    const script = `trap 'echo yes > ${mark}; exit 0' TERM; sleep 60 & wait`
    const run = execCommand({ argv: ['sh', '-c', script], timeoutMs: 300, signal })
    await expect(run).rejects.toMatchObject({ code: 'timeout' })
    expect(readFileSync(mark, 'utf8')).toBe('yes\n')
  })

  it('is done by an abort', async () => {
    const abort = new AbortController()
    const pidFile = join(directory, 'aborted')
    const run = execCommand({
      argv: ['sh', '-c', `echo $$ > ${pidFile}; exec sleep 60`],
      timeoutMs,
      signal: abort.signal,
    })
    run.catch(() => undefined)
    await vi.waitFor(() => expect(readPid(pidFile)).toBeGreaterThan(0))
    abort.abort()
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
    expect(isRunning(readPid(pidFile))).toBe(false)
  })

  it('starts nothing when the work is aborted already', async () => {
    const run = execCommand({
      argv: ['sh', '-c', `echo > ${directory}/started`],
      timeoutMs,
      signal: AbortSignal.abort(),
    })
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
    expect(() => readFileSync(`${directory}/started`)).toThrow('ENOENT')
  })
})

describe('a program that cannot be run', () => {
  it('is told apart: absent, not allowed', async () => {
    await expect(execCommand({ argv: ['no-such-program'], timeoutMs, signal })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(execCommand({ argv: ['/etc/passwd'], timeoutMs, signal })).rejects.toMatchObject({ code: 'denied' })
  })

  it('is any program below a root of recorded files', async () => {
    const host = createHost({ root: directory })
    await expect(host.exec({ argv: ['true'], timeoutMs, signal })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe.runIf(process.getuid?.() === 0)('running as another user', () => {
  it('takes the account with its groups and home', async () => {
    const { exec } = createHost()
    const argv = ['sh', '-c', 'id -un; id -gn; echo $HOME $USER'] as const
    const { stdout } = await exec({ argv: [...argv], user: 'games', timeoutMs, signal })
    expect(stdout).toBe('games\ngames\n/usr/games games\n')
  })

  it('refuses a user that does not exist', async () => {
    const run = createHost().exec({ argv: ['id'], user: 'no-such-user', timeoutMs, signal })
    await expect(run).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('no-such-user') })
  })
})

function readPid(path: string): number {
  return Number(readFileSync(path, 'utf8'))
}

/** A zombie that nobody has collected yet is not running. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

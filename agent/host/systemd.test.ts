import { describe, expect, it } from 'vitest'
import { createHost } from './host.ts'
import { createSystemd } from './systemd.ts'

describe('the last lines of a unit', () => {
  it('come in the order in which they were logged, although the newest are asked for first', async () => {
    const asked: (readonly string[])[] = []
    const { files } = createHost()
    const systemd = createSystemd({
      files,
      exec: async ({ argv }) => {
        asked.push(argv)
        return { code: 0, signal: null, stdout: 'third\nsecond\nfirst\n', stderr: '', truncated: false, durationMs: 1 }
      },
    })
    const signal = new AbortController().signal
    expect(await systemd.lastLines('a.service', signal)).toBe('first\nsecond\nthird')
    await systemd.lastLines('a.service', signal, { count: 100, since: 1_700_000_000_123 })
    expect(asked[0]).toContain('--lines=8')
    expect(asked[0]?.join(' ')).not.toContain('--since')
    expect(asked[1]).toEqual(expect.arrayContaining(['--reverse', '--lines=100', '--since=@1700000000.123']))
  })
})

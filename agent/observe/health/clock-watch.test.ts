import { expect, it } from 'vitest'
import type { Host } from '../../host/host.ts'
import { createClockWatch } from './clock-watch.ts'

it('sees a clock that is set, and takes no slow look for one', async () => {
  let clock = 1_000_000
  let uptime = 100
  let readingTakes = 0
  const files = {
    readText: async (path: string) => {
      if (path !== '/proc/uptime') return null
      const text = `${(uptime / 1000).toFixed(2)} 0.00`
      clock += readingTakes
      uptime += readingTakes
      return text
    },
    list: async () => null,
    stat: async () => null,
  }
  const exec = async () => ({ code: 1, stdout: '', stderr: '', truncated: false })
  const watch = createClockWatch({ host: { files, exec } as unknown as Pick<Host, 'files' | 'exec'>, now: () => clock })
  const look = async (passed: number, set = 0) => {
    clock += passed + set
    uptime += passed
    await watch.look(new AbortController().signal)
    return watch.seen()?.jump?.byMs
  }
  expect(await look(0)).toBe(undefined)
  readingTakes = 5_000
  expect(await look(10_000)).toBe(undefined)
  readingTakes = 0
  expect(await look(10_000)).toBe(undefined)
  expect(await look(10_000, -2_000)).toBe(-2_000)
})

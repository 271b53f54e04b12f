import { describe, expect, it } from 'vitest'
import { readCpu, readMemory } from './process-usage.ts'

describe('what a process uses', () => {
  it('adds up the memory of the process and its children', () => {
    const rollup = (rss: number, pss: number): string =>
      `5581-7ffe ---p 00000000 00:00 0 [rollup]\nRss:  ${rss} kB\nPss:  ${pss} kB\nPss_Anon: 999 kB\nShared_Clean: 77 kB\n`
    expect(readMemory(rollup(60_000, 50_000) + rollup(10, 5))).toEqual({
      rssBytes: 60_010 * 1024,
      pssBytes: 50_005 * 1024,
    })
  })

  it('counts processor time of the process and of children that have ended', () => {
    const stat = '42 (a (strange) name) S 1 42 42 0 -1 4194304 100 200 0 0 150 50 25 25 20 0 11 0 900 1000 10'
    expect(readCpu(stat, 100)).toBe(2.5)
  })

  it('refuses what is no stat line', () => {
    expect(() => readCpu('cat: /proc/9/stat: No such file', 100)).toThrow('not a /proc')
  })
})

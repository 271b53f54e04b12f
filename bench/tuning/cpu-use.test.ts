import { describe, expect, it } from 'vitest'
import { type CpuReading, cpuUse } from './cpu-use.ts'

describe('the use of the processors', () => {
  it('is split between the lab and others', () => {
    const before = reading({ user: 1000, system: 200, idle: 5000, iowait: 300, labMicros: 4_000_000 })
    // Ten seconds of two cores: 8 s user, 4 s system, of which the lab had 7 s; the rest idle or waiting for disks.
    const after = reading({ user: 1800, system: 600, idle: 5500, iowait: 600, labMicros: 11_000_000 })
    const { labCpuSeconds, foreignShare } = cpuUse(before, after)
    expect(labCpuSeconds).toBe(7)
    expect(foreignShare).toBeCloseTo((12 - 7) / 20)
  })

  it('gives others nothing when the clocks of both disagree by a tick', () => {
    const before = reading({ user: 0, system: 0, idle: 0, iowait: 0, labMicros: 0 })
    const after = reading({ user: 100, system: 0, idle: 100, iowait: 0, labMicros: 1_008_000 })
    expect(cpuUse(before, after).foreignShare).toBe(0)
  })
})

function reading({
  user,
  system,
  idle,
  iowait,
  labMicros,
}: Readonly<Record<'user' | 'system' | 'idle' | 'iowait' | 'labMicros', number>>): CpuReading {
  return {
    machine: `cpu  ${user} 0 ${system} ${idle} ${iowait} 0 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\nintr 12\n`,
    lab: `usage_usec ${labMicros}\nuser_usec 1\nsystem_usec 2\n`,
  }
}

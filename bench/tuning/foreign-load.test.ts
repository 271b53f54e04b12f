import { describe, expect, it } from 'vitest'
import { type CpuReading, foreignShare } from './foreign-load.ts'

describe('the load of others', () => {
  it('is what the machine did without the lab, of all that it could do', () => {
    const before = reading({ user: 1000, system: 200, idle: 5000, iowait: 300, labMicros: 4_000_000 })
    // Ten seconds of two cores: 8 s user, 4 s system, of which the lab had 7 s; the rest idle or waiting for disks.
    const after = reading({ user: 1800, system: 600, idle: 5500, iowait: 600, labMicros: 11_000_000 })
    expect(foreignShare(before, after)).toBeCloseTo((12 - 7) / 20)
  })

  it('is nothing when the clocks of both disagree by a tick', () => {
    const before = reading({ user: 0, system: 0, idle: 0, iowait: 0, labMicros: 0 })
    const after = reading({ user: 100, system: 0, idle: 100, iowait: 0, labMicros: 1_008_000 })
    expect(foreignShare(before, after)).toBe(0)
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

import { describe, expect, it } from 'vitest'
import type { InstanceWatch } from '../../../../shared/domain/manifest.ts'
import type { StandbySeen } from './scene.ts'
import { newLeaderMs } from './steps.ts'

describe('a primary that does not come back', () => {
  const standby = (mayLead: boolean): StandbySeen => ({
    member: { nodeId: 'n2', instance: 'pg-main-2', watch: {} as InstanceWatch },
    isSynchronous: false,
    mayLead,
    lagBytes: 0,
  })

  it('is followed by a standby, which takes a moment', () => {
    expect(newLeaderMs({ standbys: [standby(false), standby(true)] })).toBe(60_000)
  })

  it('is not waited for where nobody else may lead', () => {
    expect(newLeaderMs({ standbys: [] })).toBeLessThan(5_000)
    expect(newLeaderMs({ standbys: [standby(false)] })).toBeLessThan(5_000)
  })
})

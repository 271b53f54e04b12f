import { describe, expect, it } from 'vitest'
import { failoverTimes, mostPatient } from './failover-mode.ts'

const MODES = ['fast', 'norm', 'safe', 'wide'] as const

describe('failover modes', () => {
  it.each(MODES)('%s: a primary that lost etcd has demoted itself before its lease can end', mode => {
    const { ttl, loopWait, retryTimeout } = failoverTimes(mode)
    expect(loopWait + 2 * retryTimeout).toBeLessThanOrEqual(ttl)
  })

  it.each(MODES)('%s: stays within what Patroni accepts', mode => {
    const { ttl, loopWait, retryTimeout } = failoverTimes(mode)
    expect(ttl).toBeGreaterThanOrEqual(20)
    expect(loopWait).toBeGreaterThanOrEqual(1)
    expect(retryTimeout).toBeGreaterThanOrEqual(3)
  })

  it('grows more patient from fast to wide in every layer', () => {
    const layers = MODES.map(failoverTimes).map(times => [times.ttl, times.walTimeout, times.tcpUserTimeoutMs])
    for (const column of [0, 1, 2]) {
      const values = layers.map(layer => layer[column] ?? 0)
      expect(values).toEqual(values.toSorted((a, b) => a - b))
    }
  })

  it('gives etcd the times of the widest network among the clusters', () => {
    expect(mostPatient(['fast', 'wide', 'norm'])).toBe('wide')
    expect(mostPatient([])).toBe('norm')
  })
})

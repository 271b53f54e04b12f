import { describe, expect, it } from 'vitest'
import { told } from '../testing-file.ts'

describe('the policy of upgrades', () => {
  const file = (upgrades: string): string =>
    `version: 1\nfleet: { name: f, upgrades: ${upgrades} }\nclusters:\n  - name: pg-main\n  - name: pg-dev\n`

  it('names clusters of the file, or labels of nodes', () => {
    expect(told(file('{ canaries: [pg-dev, tier=dev], stages: [[pg-dev], [pg-main]], per: { zone: 1 } }'))).toEqual([])
    expect(told(file('{ canaries: [pg-dve], stages: [[pg-dev], [pg-test]] }'))).toEqual([
      expect.stringMatching(/^2 fleet\.upgrades\.canaries\[0\] unknown-cluster: .*pg-dve.* → Did you mean/),
      expect.stringMatching(/^2 fleet\.upgrades\.stages\[1\]\[0\] unknown-cluster: .*pg-test/),
    ])
  })

  it('has windows that can be read', () => {
    expect(told(file('{ windows: ["Sat 02:00-04:00 Europe/Berlin"], soak: 1h }'))).toEqual([])
    expect(told(file('{ windows: ["weekend"] }'))).toEqual([expect.stringContaining('maintenance window')])
  })
})

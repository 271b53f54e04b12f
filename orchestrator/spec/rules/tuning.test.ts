import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('tuning', () => {
  it('says which of two wishes wins', () => {
    const file = inCluster(`
      tuning: { sharedBuffersRatio: 0.3 }
      parameters: { shared_buffers: 2GB }
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].tuning.sharedBuffersRatio unused-ratio: `sharedBuffersRatio` has no effect: `parameters.shared_buffers` wins → Keep one of the two.',
    ])
  })
})

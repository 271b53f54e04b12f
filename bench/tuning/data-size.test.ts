import { describe, expect, it } from 'vitest'
import { scaleFor, sharedBuffersOf } from './data-size.ts'

describe('the size of the data', () => {
  it('exceeds the largest shared buffers by half', () => {
    expect(scaleFor([{}, { shared_buffers: '1024MB' }, { shared_buffers: '870MB' }])).toBe(110)
  })

  it("reckons with PostgreSQL's own shared buffers where none are set", () => {
    expect(sharedBuffersOf({})).toBe(128 * 1024 ** 2)
    expect(scaleFor([{}])).toBe(20)
  })
})

import { describe, expect, it } from 'vitest'
import { overlaps, type WriteSpan } from './primary-watch.ts'

function write(member: string, timeline: number, sentAt: number): WriteSpan {
  return { member, timeline, sentAt, acknowledgedAt: sentAt + 10 }
}

describe('who took writes', () => {
  it('is one at a time when the role moves, also back again', () => {
    expect(overlaps({ spans: [write('a', 1, 0), write('b', 2, 100), write('b', 2, 200), write('a', 3, 300)] })).toEqual(
      [],
    )
  })

  it('is no overlap for an answer that was under way when the next one began', () => {
    const late = { ...write('a', 1, 90), acknowledgedAt: 150 }
    expect(overlaps({ spans: [late, write('b', 2, 100)] })).toEqual([])
  })

  it('is told when the old primary takes a write that was sent after the new one had taken one', () => {
    expect(overlaps({ spans: [write('a', 1, 0), write('b', 2, 100), write('a', 1, 150)] })).toEqual([
      'a took a write on timeline 1 that was sent 40 ms after b had taken one on timeline 2',
    ])
  })

  it('is told when two share a timeline', () => {
    expect(overlaps({ spans: [write('b', 1, 0), write('a', 1, 100)] })).toHaveLength(1)
  })
})

import { describe, expect, it } from 'vitest'
import { NO_FAILPOINTS, readFailpoints } from './failpoint.ts'

describe('failpoints', () => {
  it('are nothing at all unless somebody asks for them', () => {
    expect(readFailpoints(undefined, deaf())).toBe(NO_FAILPOINTS)
    expect(readFailpoints('', deaf())).toBe(NO_FAILPOINTS)
  })

  it('act when their place is reached for the n-th time, once', () => {
    const world = deaf()
    const points = readFailpoints('write:locks:2=kill,command:sent:1=stop', world)
    points.reach('write:locks')
    expect(world.acts).toEqual([])
    points.reach('write:locks')
    points.reach('write:locks')
    points.reach('command:sent')
    expect(world.acts).toEqual(['kill', 'stop'])
  })

  it('tell every place with its count when they are traced', () => {
    const world = deaf()
    const points = readFailpoints('trace', world)
    for (const name of ['a', 'b', 'a']) points.reach(name)
    expect(world.lines).toEqual(['a:1', 'b:1', 'a:2'])
  })

  it.each(['kill', 'a=kill', 'a:0=kill', 'a:1=pause', 'a:1=kill,'])('refuse %s', text => {
    expect(() => readFailpoints(text, deaf())).toThrow('is no failpoint')
  })
})

function deaf() {
  const acts: string[] = []
  const lines: string[] = []
  return {
    acts,
    lines,
    act: (action: string) => void acts.push(action),
    trace: (line: string) => void lines.push(line),
  }
}

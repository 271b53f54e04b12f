import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { createQuiet } from './quiet.ts'

const signal = new AbortController().signal

describe('the moment in which an agent starts anew', () => {
  it('does not come while another command, a repair or held clients are under way', () => {
    let busy = false
    const quiet = createQuiet({ clock: new ManualClock(0), isBusy: () => busy })
    quiet.begun()
    quiet.begun()
    expect(quiet.close()).toBe(false)
    quiet.ended()
    busy = true
    expect(quiet.close()).toBe(false)
    busy = false
    expect(quiet.close()).toBe(true)
  })

  it('lets nothing in until it is over, or until it turns out that it does not come', async () => {
    const clock = new ManualClock(0)
    const quiet = createQuiet({ clock, isBusy: () => false })
    quiet.close()
    let isIn = false
    const entering = quiet.whenOpen(signal).then(() => {
      isIn = true
    })
    await clock.advance(30_000)
    expect(isIn).toBe(false)
    await clock.advance(31_000)
    await entering
    quiet.close()
    quiet.open()
    await quiet.whenOpen(signal)
  })
})

/** Runs work, at most so much of it at the same time; whatever comes while all slots are taken waits its turn. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>

export function createSlots(atMost: number): Slots {
  let free = atMost
  const waiting: (() => void)[] = []
  return async work => {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

/** One at a time, in the order of asking. */
export interface SerialLock {
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
  readonly busy: boolean
}

export function createSerialLock(): SerialLock {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    get busy() {
      return waiting > 0
    },
    run: (work, signal) => {
      waiting += 1
      const mine = last
        .catch(() => undefined)
        .then(() => {
          signal.throwIfAborted()
          return work()
        })
        .finally(() => {
          waiting -= 1
        })
      last = mine
      return mine
    },
  }
}

export type Serial = <T>(work: () => Promise<T>) => Promise<T>

/** Runs pieces of work one after another, in the order they were handed in; a failure does not stop the next. */
export function createSerial(): Serial {
  let tail: Promise<unknown> = Promise.resolve()
  return work => {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }
}

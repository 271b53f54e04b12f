import { DroverError } from '../../shared/domain/errors.ts'

export type OneAtATime = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>

/** Makes a queue: each piece of work starts when the one before has ended, however it ended. A waiter whose signal aborts gives up its place. */
export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve()
  return (work, signal) => {
    const turn = last.then(() => {
      if (signal?.aborted === true)
        throw new DroverError('aborted', 'the work was aborted while it waited for its turn')
      return work()
    })
    last = turn.catch(() => {})
    return turn
  }
}

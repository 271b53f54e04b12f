/** The longest time in which nobody committed, over all clients of a load. Times in milliseconds, monotonic. */
export interface StallMeter {
  readonly commit: (now: number) => void
  readonly commits: () => number
  readonly since: (now: number) => number
  /** The silence that is still going on counts. */
  readonly longest: (now: number) => number
}

export function createStallMeter(startedAt: number): StallMeter {
  let last = startedAt
  let longest = 0
  let commits = 0
  return {
    commit(now) {
      longest = Math.max(longest, now - last)
      last = now
      commits += 1
    },
    commits: () => commits,
    since: now => now - last,
    longest: now => Math.max(longest, now - last),
  }
}

import { setTimeout as delay } from 'node:timers/promises'

/** Polls until the answer is not null; throws after the time is over. */
export async function waitUntil<T>(ask: () => T | null, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  while (true) {
    const answer = ask()
    if (answer !== null) return answer
    if (Date.now() > deadline) throw new Error(`nothing within ${timeoutMs} ms: ${ask.toString()}`)
    await delay(10)
  }
}

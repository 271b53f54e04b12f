import { setTimeout as delay } from 'node:timers/promises'

/** Asks again and again until the answer is not null; throws after the time is over. */
export async function until<T>(ask: () => Promise<T | null>, timeoutMs: number, pauseMs = 20): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (Date.now() > deadline) throw new Error(`nothing within ${timeoutMs} ms: ${ask.toString()}`)
    await delay(pauseMs)
  }
}

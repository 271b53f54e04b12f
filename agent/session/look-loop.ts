import { DroverError } from '../../shared/domain/errors.ts'
import type { Look, ServerLook } from '../../shared/domain/look.ts'
import type { InstanceWatch } from '../../shared/domain/manifest.ts'
import type { DriftReport } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Surveyed, Surveyor } from '../observe/survey/surveyor.ts'

/** Looks closely at host and servers, now and then and when it is asked, and tells what is new. */
export interface LookLoop {
  /** The next look answers this question. Questions that come while it looks have one answer together. */
  ask(number: number): void
  run(emit: (json: Buffer) => void, signal: AbortSignal): Promise<void>
}

const EVERY_MS = 60_000
/** However often it is asked: nobody but the own orchestrator can, and yet a host has other work. */
const AT_LEAST_BETWEEN_MS = 500
const CLIENTS_WAIT_MS = 25

export function createLookLoop(parts: {
  readonly watches: () => readonly InstanceWatch[]
  readonly survey: Surveyor
  /** A dry run of the manifest now; null: there is none, or a command is just changing the host. */
  readonly compare: (signal: AbortSignal) => Promise<DriftReport | null>
  /** Nothing is looked at meanwhile. */
  readonly clientsWait: () => boolean
  readonly clock: Clock
  readonly log: Log
}): LookLoop {
  const { clock, log } = parts
  let asked = 0
  let answered = 0
  let wake = new AbortController()

  async function look(told: Map<string, string>, emit: (json: Buffer) => void, signal: AbortSignal): Promise<void> {
    const answers = asked
    const isQuestion = answers !== answered
    const surveys = await parts.survey({ watches: parts.watches(), thorough: isQuestion, signal })
    // The host last: while its servers are looked at, a command may still be ending.
    const drift = isQuestion ? await compared(signal) : null
    answered = answers
    const isNews = surveys.some(each => told.get(each.instance) !== newsOf(each))
    if (!isQuestion && !isNews) return
    const servers = surveys.map(each => brief(each, told))
    const content: Look = { answers, servers, ...(drift === null ? {} : { drift }) }
    emit(Buffer.from(JSON.stringify(content)))
  }

  /** Whoever asks is answered, also when the host cannot be compared. */
  async function compared(signal: AbortSignal): Promise<DriftReport | null> {
    try {
      return await parts.compare(signal)
    } catch (error) {
      signal.throwIfAborted()
      log.warn('the host could not be compared', { reason: DroverError.from(error).message })
      return null
    }
  }

  async function pause(signal: AbortSignal): Promise<void> {
    await clock.sleep(AT_LEAST_BETWEEN_MS, signal)
    if (asked !== answered) return
    const pauseMs = EVERY_MS * (0.8 + Math.random() * 0.4)
    await clock.sleep(pauseMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined)
  }

  return {
    ask: number => {
      asked = number
      wake.abort()
    },
    run: async (emit, signal) => {
      // Another orchestrator may count its questions anew, and knows no surveys.
      asked = 0
      answered = 0
      const told = new Map<string, string>()
      while (!signal.aborted) {
        wake = new AbortController()
        while (parts.clientsWait()) await clock.sleep(CLIENTS_WAIT_MS, signal)
        try {
          await look(told, emit, signal)
        } catch (error) {
          signal.throwIfAborted()
          answered = asked
          log.warn('the close look failed', { reason: DroverError.from(error).message })
        }
        await pause(signal)
      }
    },
  }
}

function newsOf(each: Surveyed): string {
  return 'why' in each ? `why ${each.why}` : `${each.digest} ${each.contents ?? ''}`
}

/** The survey itself only when it is another one than this session was told last. */
function brief(each: Surveyed, told: Map<string, string>): ServerLook {
  const before = told.get(each.instance)
  told.set(each.instance, newsOf(each))
  if ('why' in each) return each
  const { survey, ...rest } = each
  return before?.startsWith(`${each.digest} `) === true ? rest : { ...rest, survey }
}

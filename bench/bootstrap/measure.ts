import type { Lab } from '../../deploy/lab/lab.ts'
import type { Run } from '../../deploy/lab/run-command.ts'
import { linkedController } from '../../shared/lib/abort.ts'
import type { SqlClient } from '../../test/support/sql-client.ts'

export interface BenchContext {
  readonly lab: Lab
  /** Scratch folder of the rival. */
  readonly directory: string
  /** The rival starts Patroni as Debian ships it, without the shorter waits that Drover gives it. */
  readonly stockPatroni: boolean
  readonly sql: SqlClient
  readonly run: Run
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

/** Seconds from the start of the command. */
export interface Measured {
  /** Until the finish line was seen from outside. */
  readonly healthy: number
  /** Until the command said it was done. */
  readonly returned: number
}

/** Runs a command and watches, from the same moment, for what it is to bring about. Whichever fails ends the other. */
export async function measure(work: {
  readonly command: (signal: AbortSignal) => Promise<unknown>
  readonly healthy: (signal: AbortSignal) => Promise<unknown>
  readonly signal: AbortSignal
}): Promise<Measured> {
  using both = linkedController(work.signal)
  const started = performance.now()
  const timed = async (part: (signal: AbortSignal) => Promise<unknown>): Promise<number> => {
    try {
      await part(both.signal)
      return (performance.now() - started) / 1000
    } catch (error) {
      both.abort(error)
      throw error
    }
  }
  const [returned, healthy] = await Promise.all([timed(work.command), timed(work.healthy)])
  return { healthy, returned }
}

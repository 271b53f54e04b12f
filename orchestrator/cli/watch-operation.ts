import type { OperationEvent__Output } from '../../proto/gen/drover/v1/OperationEvent.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetClient } from '../../shared/wire/services.ts'
import { type Cli, isAbort } from './cli.ts'
import { EXIT } from './exit-codes.ts'
import { adviceAfter } from './render/advice-after.ts'
import { toJsonLine } from './render/json.ts'
import { renderEvent } from './render/operation.ts'

/** How long a watch outlives an orchestrator that restarts. */
const PATIENCE_MS = 120_000
const RETRY_MS = 1000

/**
 * Follows an operation to its end and sets the exit code: 0 done, 3 failed or cancelled. An orchestrator that restarts
 * is waited for, from the last cursor seen. Ctrl-C detaches: the operation goes on. `quiet` shows only how it ends badly.
 */
export async function watchOperation(
  cli: Cli,
  api: Pick<FleetClient, 'WatchOperation' | 'ShowOperation'>,
  options: {
    readonly operationId: string
    readonly json: boolean
    readonly quiet?: boolean
    readonly afterCursor?: number
  },
): Promise<'done' | 'failed' | 'detached'> {
  const { operationId, json } = options
  let cursor = options.afterCursor ?? 0
  let startedAt: number | null = null
  let ending: OperationEvent__Output | null = null
  let lostAt: number | null = null
  while (ending === null) {
    try {
      for await (const event of api.WatchOperation({ operationId, afterCursor: cursor }, { signal: cli.signal })) {
        cursor = event.cursor
        lostAt = null
        startedAt ??= event.atMs
        show(event, startedAt)
        ending = isEnding(event) ? event : null
      }
      if (ending === null) await pause(cli.signal)
    } catch (error) {
      if (isAbort(error) || cli.signal.aborted) {
        detach()
        return 'detached'
      }
      if (!isLost(error)) throw error
      if (lostAt === null)
        cli.terminal.err.write('the orchestrator does not answer; waiting for it up to two minutes\n')
      lostAt ??= Date.now()
      if (Date.now() - lostAt > PATIENCE_MS) throw error
      await pause(cli.signal)
    }
  }
  if (ending.state === 'done') return 'done'
  cli.setExitCode(EXIT.operationFailed)
  if (!json) cli.terminal.err.write(adviceAfter(await api.ShowOperation({ operationId }, { signal: cli.signal })))
  return 'failed'

  function show(event: OperationEvent__Output, start: number): void {
    const { out, err } = cli.terminal
    if (json) out.write(toJsonLine(event))
    else if (options.quiet !== true || (isEnding(event) && event.state !== 'done'))
      err.write(renderEvent(err, event, start))
  }

  function detach(): void {
    cli.terminal.err.write(
      `\noperation ${operationId} goes on; follow it with: drover operation watch ${operationId}\n`,
    )
    cli.setExitCode(EXIT.interrupted)
  }
}

function isEnding(event: OperationEvent__Output): boolean {
  return event.type.startsWith('operation:') && ['done', 'failed', 'cancelled'].includes(event.state)
}

function isLost(error: unknown): boolean {
  return error instanceof DroverError && error.code === 'unavailable'
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, RETRY_MS)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

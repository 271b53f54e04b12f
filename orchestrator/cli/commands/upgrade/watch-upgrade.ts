import { DroverError } from '../../../../shared/domain/errors.ts'
import type { FleetClient } from '../../../../shared/wire/services.ts'
import { type Cli, isAbort } from '../../cli.ts'
import { EXIT } from '../../exit-codes.ts'
import { renderUpgradeStatus } from '../../render/upgrade/table.ts'

const EVERY_MS = 1000
/** A large fleet's upgrade takes a while to tell: asking is to take a tenth of the time at most. */
const PAUSES = 9
/** How long a watch outlives an orchestrator that restarts. */
const PATIENCE_MS = 120_000
const HOME_AND_CLEAR = '\u001b[H\u001b[J'

/**
 * Redraws the newest upgrade in place to its end, and sets the exit code: 0 done, 3 failed or cancelled. Ctrl-C detaches: the upgrade
 * goes on.
 */
export async function watchUpgrade(cli: Cli, api: Pick<FleetClient, 'ShowUpgrade'>): Promise<void> {
  const { out } = cli.terminal
  let operationId = ''
  let lostAt: number | null = null
  while (!cli.signal.aborted) {
    const asked = performance.now()
    try {
      const upgrade = await api.ShowUpgrade({ operationId }, { signal: cli.signal })
      lostAt = null
      operationId = upgrade.operationId
      out.write(HOME_AND_CLEAR + renderUpgradeStatus(out, upgrade))
      if (upgrade.state === 'done') return
      if (upgrade.state === 'failed' || upgrade.state === 'cancelled') return cli.setExitCode(EXIT.operationFailed)
    } catch (error) {
      if (isAbort(error) || cli.signal.aborted) break
      lostAt ??= Date.now()
      const isLost = error instanceof DroverError && error.code === 'unavailable'
      if (!isLost || Date.now() - lostAt > PATIENCE_MS) throw error
    }
    await pause(Math.max(EVERY_MS, PAUSES * (performance.now() - asked)), cli.signal)
  }
  cli.terminal.err.write('\nthe upgrade goes on; follow it with: drover upgrade status --watch\n')
  cli.setExitCode(EXIT.interrupted)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

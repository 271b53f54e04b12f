import type { PoolerTarget } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { Exec } from '../../host/host.ts'
import { consoleArgv } from './console.ts'

const TIMEOUT_MS = 5_000

/** A timer of systemd that releases a pooler: it goes off whatever becomes of the agent that armed it (S4). */
export interface DeadMan {
  arm(target: PoolerTarget, afterMs: number, signal: AbortSignal): Promise<void>
  /** Nothing happens when it is not armed. */
  disarm(target: PoolerTarget, signal: AbortSignal): Promise<void>
}

export function createDeadMan({ exec }: { readonly exec: Exec }): DeadMan {
  return {
    async arm(target, afterMs, signal) {
      await this.disarm(target, signal)
      const { code, stderr } = await exec({
        argv: [
          'systemd-run',
          '--quiet',
          '--collect',
          `--unit=${unit(target)}`,
          `--on-active=${afterMs}ms`,
          '--timer-property=AccuracySec=50ms',
          '--property=User=postgres',
          ...consoleArgv(target, 'RESUME'),
        ],
        timeoutMs: TIMEOUT_MS,
        signal,
      })
      if (code !== 0)
        throw new DroverError('failed', `the dead-man timer of ${target.instance} cannot be armed: ${stderr.trim()}`)
    },
    async disarm(target, signal) {
      await exec({ argv: ['systemctl', '--quiet', 'stop', `${unit(target)}.timer`], timeoutMs: TIMEOUT_MS, signal })
    },
  }
}

/** An instance has a pooler for writers and one for readers. */
function unit({ instance, port }: PoolerTarget): string {
  return `drover-release-${instance}-${port}`
}

import { join } from 'node:path'
import type { HostPaths } from './lab-paths.ts'

export interface LogsRequest {
  readonly unit?: string
  readonly lines?: number
  readonly follow?: boolean
}

export function logsCommand({ unit, lines, follow }: LogsRequest): readonly string[] {
  return [
    'journalctl',
    '--no-pager',
    '--quiet',
    ...(unit === undefined ? [] : [`--unit=${unit}`]),
    ...(lines === undefined ? [] : [`--lines=${lines}`]),
    ...(follow === true ? ['--follow'] : []),
  ]
}

/** Reads the journal from the disk of a host that is off. */
export function offlineLogsCommand(paths: HostPaths, request: LogsRequest): readonly string[] {
  return [...logsCommand({ ...request, follow: false }), `--directory=${join(paths.upper, 'var/log/journal')}`]
}

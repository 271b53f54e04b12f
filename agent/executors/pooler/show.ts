import type { PoolerTarget } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { Exec } from '../../host/host.ts'
import { consoleArgv } from './console.ts'

const TIMEOUT_MS = 5_000

/** One row of an answer, by column. */
export type ShownRow = Readonly<Record<string, string>>

/**
 * What PgBouncer's console shows. Errors: `timeout`, `unavailable` when it does not answer, `failed` with its own sentence.
 */
export async function poolerShow(call: {
  readonly exec: Exec
  readonly target: PoolerTarget
  readonly command: 'SHOW SERVERS' | 'SHOW STATS' | 'SHOW CLIENTS'
  readonly signal: AbortSignal
}): Promise<readonly ShownRow[]> {
  const { exec, target, command, signal } = call
  const result = await exec({
    argv: [...consoleArgv(target, command), '--csv'],
    user: 'postgres',
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 16 * 1024 * 1024,
    signal,
  })
  if (result.code === 0 && !result.truncated) return rowsOf(result.stdout)
  const reason = result.truncated ? 'its answer is longer than 16 MiB' : result.stderr.trim().split('\n').at(-1)
  throw new DroverError(
    result.code === 2 ? 'unavailable' : 'failed',
    `the pooler of ${target.instance}: ${reason ?? 'no reason given'}`,
  )
}

/** CSV as psql writes it; values hold whatever clients call themselves, line breaks and quotes included. Pure. */
export function rowsOf(csv: string): readonly ShownRow[] {
  const [header = [], ...records] = recordsOf(csv)
  return records
    .filter(record => record.length === header.length)
    .map(record => Object.fromEntries(header.map((name, index) => [name, record[index] ?? ''])))
}

function recordsOf(csv: string): readonly (readonly string[])[] {
  const records: string[][] = []
  let record: string[] = []
  for (const [, quoted, bare = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === '' && quoted === undefined && bare === '' && record.length === 0) break
    record.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === ',') continue
    records.push(record)
    record = []
  }
  return records
}

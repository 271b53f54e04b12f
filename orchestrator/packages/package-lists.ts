import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import { aptComplaint } from './apt-output.ts'
import type { AptWorkspace } from './apt-workspace.ts'
import { listsStamp, updateLists } from './apt-workspace.ts'
import type { RunCommand } from './run-command.ts'

/** After sources could not be reached, how long the lists at hand are used without another try. */
const PAUSE_AFTER_FAILURE_MS = 60_000

export interface ListsOptions {
  readonly os: string
  readonly workspace: AptWorkspace
  /** The rendered sources: lists of other sources do not count. */
  readonly sourcesText: string
  readonly maxAgeMs: number
  readonly run: RunCommand
  /** Unix milliseconds. */
  readonly now: () => number
}

export interface PackageLists {
  /**
   * Sees to it that the lists of all sources are here, and no older than the maximum age if sources can be reached.
   * Throws `unavailable` when they cannot and no earlier lists of these sources are here.
   */
  ensure(options: { readonly refresh: boolean; readonly signal?: AbortSignal | undefined }): Promise<void>
}

export function packageLists({ os, workspace, sourcesText, maxAgeMs, run, now }: ListsOptions): PackageLists {
  const stamp = listsStamp(workspace)
  const identity = createHash('sha256').update(sourcesText).digest('hex')
  let failedAt = Number.NEGATIVE_INFINITY

  return {
    async ensure({ refresh, signal }) {
      const fetchedAt = await readStamp(stamp, identity)
      if (
        !refresh &&
        fetchedAt !== undefined &&
        (now() - fetchedAt < maxAgeMs || now() - failedAt < PAUSE_AFTER_FAILURE_MS)
      )
        return
      const result = await run(updateLists(workspace), { signal })
      if (result.exitCode === 0) {
        await writeFile(stamp, identity)
        return
      }
      failedAt = now()
      if (fetchedAt === undefined) throw cannotReach(os, result.stderr)
    },
  }
}

async function readStamp(path: string, identity: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === identity ? (await stat(path)).mtimeMs : undefined
}

function cannotReach(os: string, stderr: string): DroverError {
  if (/No space left|enough free space/.test(stderr))
    return new DroverError('exhausted', `the disk is too full for the package lists of ${os}`, {
      hint: 'free some space, then run the same command again',
    })
  return new DroverError('unavailable', `the package lists of ${os} cannot be fetched: ${aptComplaint(stderr)}`, {
    hint: 'check the network of the orchestrator and the package sources in its configuration, then run the same command again',
  })
}

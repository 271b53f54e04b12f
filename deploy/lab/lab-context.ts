import type { LabRoots } from './lab-paths.ts'
import type { Run } from './run-command.ts'

/** What every part of the lab is given: the door to programs, where things live, whom to tell, when to stop. */
export interface LabContext {
  readonly run: Run
  readonly roots: LabRoots
  /** Base images and layers; shared between labs. */
  readonly cacheDir: string
  /** One line of progress for a person. */
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

export const defaultCacheDir = '/var/cache/drover'

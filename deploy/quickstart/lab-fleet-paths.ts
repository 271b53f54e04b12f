import { rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabContext } from '../lab/lab-context.ts'

export interface LabFleetPaths {
  readonly parent: string
  /** The orchestrator's state. */
  readonly directory: string
  readonly socket: string
  /** Downloaded packages; shared by all labs of this name, and kept when the lab ends. */
  readonly packages: string
  readonly enrolPort: number
  /** Network namespace of the machine itself, through which the orchestrator in the lab downloads packages. */
  readonly outside: string
  remove(): Promise<void>
}

/** Where the orchestrator of a lab keeps its things: beside the lab, not in it, so that the lab can be made anew. */
export function labFleetPaths(
  name: string,
  { roots, cacheDir }: Pick<LabContext, 'roots' | 'cacheDir'>,
): LabFleetPaths {
  const parent = `${roots.stateRoot}-orchestrators`
  const directory = join(parent, name)
  return {
    parent,
    directory,
    socket: join(directory, 'drover.sock'),
    packages: join(cacheDir, 'packages', name),
    enrolPort: 7441,
    outside: `drover-${name}-outside`,
    async remove() {
      await rm(directory, { recursive: true, force: true })
      await rmdir(parent).catch(() => undefined)
    },
  }
}

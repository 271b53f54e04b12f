import type { TestFleet } from './fleet.ts'
import { startDrover } from './start-drover.ts'

export interface InterruptedApply {
  readonly code: number | null
  readonly stderr: string
}

/**
 * Starts an apply, kills the orchestrator as soon as the progress shows these words, and starts it again. Answers how
 * the CLI, which waits for it, ended.
 */
export async function interruptApply(fleet: TestFleet, file: string, words: string): Promise<InterruptedApply> {
  return disturbApply({
    fleet,
    file,
    when: line => line.includes(words),
    disturb: () => fleet.killOrchestrator().then(fleet.startOrchestrator),
  })
}

/** Starts an apply and lets something happen, once, at the first line of progress that is meant. `said` tells what it has told so far. */
export async function disturbApply({
  fleet,
  file,
  when,
  disturb,
}: {
  readonly fleet: TestFleet
  readonly file: string
  readonly when: (line: string) => boolean
  readonly disturb: (said: () => string) => Promise<void>
}): Promise<InterruptedApply> {
  const command = startDrover(fleet, ['apply', '-f', file])
  await command.says(when)
  await disturb(command.said)
  const code = await command.ended()
  return { code, stderr: command.said() }
}

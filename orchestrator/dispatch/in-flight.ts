import type { CommandOutcome } from '../../shared/domain/command.ts'
import type { JournalledCommand } from './command-journal.ts'

/** Progress of a command whose node is away; it reads on from the node's name. */
export const AWAITS_NODE = 'is not connected; waiting for it to come back'

/** A command that was journalled and has no outcome yet, with those who wait for it. */
export class InFlight {
  readonly outcome: Promise<CommandOutcome>
  /** The agent has taken it in, so that no other envelope may replace it. */
  seen = false
  readonly #resolve: (outcome: CommandOutcome) => void
  readonly #listeners = new Set<(line: string) => void>()
  #command: JournalledCommand
  #awaitsNode = false

  constructor(command: JournalledCommand) {
    const { promise, resolve } = Promise.withResolvers<CommandOutcome>()
    this.outcome = promise
    this.#resolve = resolve
    this.#command = command
  }

  get command(): JournalledCommand {
    return this.#command
  }

  /** The same step with a fresh envelope, because no agent can have accepted the old one. */
  reissued(command: JournalledCommand): void {
    this.#command = command
  }

  settle(outcome: CommandOutcome): void {
    this.#resolve(outcome)
  }

  progress(line: string): void {
    for (const listener of this.#listeners) listener(line)
  }

  /** Tells those who wait that the node has gone, and that it is there again. */
  awaitsNode(awaits: boolean): void {
    if (awaits !== this.#awaitsNode) this.progress(awaits ? AWAITS_NODE : 'is connected again')
    this.#awaitsNode = awaits
  }

  listen(listener: (line: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

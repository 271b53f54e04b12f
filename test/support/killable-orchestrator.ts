import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { RunRequest } from '../../orchestrator/dispatch/dispatcher.ts'
import type { CommandOutcome } from '../../shared/domain/command.ts'

interface Ready {
  readonly ports: { readonly enrol: number; readonly mesh: number }
  readonly caPem: string
}

/** An orchestrator that can be killed with SIGKILL. */
export class KillableOrchestrator {
  readonly ready: Ready
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, null>,
    lines: AsyncIterator<string>,
    ready: Ready,
  ) {
    this.#child = child
    this.#lines = lines
    this.ready = ready
  }

  static async start(directory: string): Promise<KillableOrchestrator> {
    const script = fileURLToPath(new URL('./orchestrator-child.ts', import.meta.url))
    const child = spawn(process.execPath, [script, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return new KillableOrchestrator(child, lines, JSON.parse(await nextLine(lines)) as Ready)
  }

  order(request: Omit<RunRequest, 'signal' | 'onProgress'>): void {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
  }

  async outcome(): Promise<CommandOutcome> {
    return (JSON.parse(await nextLine(this.#lines)) as { outcome: CommandOutcome }).outcome
  }

  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    if (this.#child.exitCode === null && this.#child.signalCode === null) await exited
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const next = await lines.next()
  if (next.done === true) throw new Error('the orchestrator ended')
  return next.value
}

import { DroverError } from '../../shared/domain/errors.ts'
import type { FsyncProbe, NodeFacts } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { type ChildAnswer, parseChildAnswer } from './child-answer.ts'
import { PROBE_LIMITS, removeStaleProbes } from './fsync-probe.ts'

const COLLECT_MS = 60_000
/** The probe stops itself; this is for a disk that does not answer at all. */
const PROBE_MS = PROBE_LIMITS.budgetMs + 10_000
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

export interface FactsChildOptions {
  readonly host: Host
  /** The Node program to run: `process.execPath`. */
  readonly nodePath: string
  /** `main-facts-child.ts`, or the file that it was bundled into. */
  readonly scriptPath: string
  readonly signal: AbortSignal
}

/** collectFacts in a process of its own, with systeminformation as second source: the agent's memory and event loop stay out of it. */
export async function collectFactsInChild(options: FactsChildOptions): Promise<NodeFacts> {
  const answer = await ask(options, ['collect'], COLLECT_MS)
  if (answer.kind !== 'facts') throw wrongAnswer(answer)
  return answer.facts
}

/** probeFsync in a process of its own; when that is killed its file is deleted here. */
export async function probeFsyncInChild(
  options: FactsChildOptions & { readonly directory: string },
): Promise<FsyncProbe> {
  try {
    const answer = await ask(options, ['probe', options.directory], PROBE_MS)
    if (answer.kind !== 'fsync') throw wrongAnswer(answer)
    return answer.fsync
  } finally {
    await removeStaleProbes(options)
  }
}

async function ask(options: FactsChildOptions, args: readonly string[], timeoutMs: number): Promise<ChildAnswer> {
  const { host, nodePath, scriptPath, signal } = options
  const argv = [nodePath, scriptPath, ...args] as const
  const { code, stdout, stderr } = await host.exec({
    argv: [...argv],
    timeoutMs,
    signal,
    maxOutputBytes: MAX_ANSWER_BYTES,
  })
  const answer = parseChildAnswer(stdout)
  if (answer === null) {
    const lastWords = stderr.trim().split('\n').slice(-3).join(' ')
    throw new DroverError('failed', `the facts process ended with code ${code} and no answer: ${lastWords}`)
  }
  if (answer.kind === 'error') throw new DroverError(answer.code, answer.message)
  return answer
}

function wrongAnswer(answer: ChildAnswer): DroverError {
  return new DroverError('internal', `the facts process answered ${answer.kind} to another question`)
}

import { DroverError } from '../../shared/domain/errors.ts'
import { createHost } from '../host/host.ts'
import { createSystemInformation } from '../host/system-information.ts'
import { type ChildAnswer, printChildAnswer } from './child-answer.ts'
import { collectFacts } from './collect-facts.ts'
import { probeFsync } from './fsync-probe.ts'

/** Entry of the facts process: `collect`, or `probe DIRECTORY`. Prints one answer and ends; SIGTERM aborts the work. */
const abort = new AbortController()
process.once('SIGTERM', () => abort.abort())
process.stdout.write(printChildAnswer(await answer(process.argv.slice(2), abort.signal)))

async function answer(args: readonly string[], signal: AbortSignal): Promise<ChildAnswer> {
  const host = createHost()
  const [question, directory] = args
  try {
    if (question === 'collect') {
      return { kind: 'facts', facts: await collectFacts({ host, signal, second: await createSystemInformation() }) }
    }
    if (question === 'probe' && directory !== undefined) {
      return { kind: 'fsync', fsync: await probeFsync({ host, directory, signal }) }
    }
    throw new DroverError('invalid', 'usage: main-facts-child collect | probe DIRECTORY')
  } catch (error) {
    const { code, message } = DroverError.from(error)
    return { kind: 'error', code, message }
  }
}

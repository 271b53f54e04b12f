import { DroverError } from '../domain/errors.ts'

/** Named places where a process can be made to die, so that tests can prove that dying there does no harm. */
export interface Failpoints {
  /** Called wherever something durable has just happened or is just about to. */
  reach(name: string): void
}

/** What every process has that was not started for such a test. */
export const NO_FAILPOINTS: Failpoints = { reach: () => undefined }

export type FailpointAction = 'kill' | 'stop'

const RULE = /^(?<name>[a-z][a-z0-9:/-]*):(?<count>[1-9][0-9]*)=(?<action>kill|stop)$/

/**
 * Reads `NAME:N=kill` or `NAME:N=stop`, several with commas: at the N-th time that the place is reached, the process gets SIGKILL
 * or SIGSTOP. `trace` among them tells every place as it is reached. Throws `invalid` for anything else; without a text nothing
 * is ever done.
 */
export function readFailpoints(
  text: string | undefined,
  world: { act(action: FailpointAction): void; trace(line: string): void },
): Failpoints {
  if (text === undefined || text === '') return NO_FAILPOINTS
  const words = text.split(',')
  const actions = new Map(words.filter(word => word !== 'trace').map(readRule))
  const isTraced = words.includes('trace')
  const counts = new Map<string, number>()
  return {
    reach: name => {
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      if (isTraced) world.trace(`${name}:${count}`)
      const action = actions.get(`${name}:${count}`)
      if (action !== undefined) world.act(action)
    },
  }
}

/** Those of this process: nothing, unless it was started with DROVER_FAILPOINTS. */
export function failpointsOf(environment: Readonly<Record<string, string | undefined>>): Failpoints {
  return readFailpoints(environment['DROVER_FAILPOINTS'], {
    act: action => process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP'),
    trace: line => process.stderr.write(`failpoint ${line}\n`),
  })
}

function readRule(word: string): [string, FailpointAction] {
  const { name, count, action } = RULE.exec(word)?.groups ?? {}
  if (name === undefined || (action !== 'kill' && action !== 'stop'))
    throw new DroverError('invalid', `${JSON.stringify(word)} is no failpoint: NAME:N=kill, NAME:N=stop or trace`)
  return [`${name}:${count}`, action]
}

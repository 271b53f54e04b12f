import { type Failpoints, NO_FAILPOINTS, readFailpoints } from '../../../shared/lib/failpoint.ts'

/** Failpoints that a test sets while the process runs; counts begin anew each time. */
export class ArmableFailpoints implements Failpoints {
  #armed: Failpoints = NO_FAILPOINTS

  reach(name: string): void {
    this.#armed.reach(name)
  }

  arm(text: string): void {
    this.#armed = readFailpoints(text, {
      act: action => process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP'),
      trace: line => say({ reached: line }),
    })
  }
}

/** One line to the test, at once: the process may be dead in the next moment. */
export function say(message: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

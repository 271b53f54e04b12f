import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { DroverError } from '../../../shared/domain/errors.ts'

/** Runs a program on this process's own terminal and streams, and answers its exit code. Ctrl-C is for the program. */
export function attachedCommand([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('error', cause =>
      reject(new DroverError('unavailable', `cannot run '${program}'`, { cause, retryable: false })),
    )
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

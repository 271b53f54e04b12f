import type { DroverError } from '../../../shared/domain/errors.ts'
import type { Output } from '../terminal.ts'
import { problemLines } from './problems.ts'
import { paint } from './style.ts'

/** What, why, and the next command; with `verbose` the chain of causes. */
export function renderError(output: Output, error: DroverError, verbose: boolean): string {
  const lines = [
    `${paint(output, 'red', 'error')}: ${error.message}`,
    ...problemLines(output, error.problems),
    ...(error.hint === undefined || error.hint === '' ? [] : [`${paint(output, 'cyan', 'hint')}: ${error.hint}`]),
    ...(verbose ? causes(error) : []),
  ]
  return `${lines.join('\n')}\n`
}

function causes(error: Error): string[] {
  const { cause } = error
  if (cause === undefined) return []
  return cause instanceof Error
    ? [`caused by: ${cause.message}`, ...causes(cause)]
    : [`caused by: ${JSON.stringify(cause)}`]
}

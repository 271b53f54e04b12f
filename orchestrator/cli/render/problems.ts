import type { Output } from '../terminal.ts'
import { paint } from './style.ts'
import { wrap } from './wrap.ts'

/** The domain's Problem or the wire's: absent text may be undefined or empty. */
export interface ProblemLike {
  readonly message: string
  readonly severity: string
  readonly path?: string
  readonly line?: number
  readonly column?: number
  readonly hint?: string
}

/** `  line 12, clusters[0].members: must be ... (hint)`, errors first. */
export function problemLines(output: Output, problems: readonly ProblemLike[]): string[] {
  const ordered = [...problems].sort((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0))
  return ordered.flatMap(problem => {
    const tone = problem.severity === 'error' ? 'red' : 'yellow'
    const place = [problem.line === undefined ? '' : `line ${problem.line}`, problem.path ?? '']
      .filter(part => part !== '')
      .join(', ')
    const hint = problem.hint === undefined || problem.hint === '' ? '' : ` (${problem.hint})`
    const text = `${problem.severity} ${place === '' ? '' : `${place}: `}${problem.message}${hint}`
    const [first = '', ...more] = wrap(text, { columns: output.columns, indent: 2, hang: 4 })
    return [`  ${paint(output, tone, problem.severity)}${first.slice(2 + problem.severity.length)}`, ...more]
  })
}

function rank(problem: ProblemLike): number {
  return problem.severity === 'error' ? 0 : 1
}

import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'

type Details = Pick<Problem, 'code' | 'message'> & Partial<Pick<Problem, 'hint' | 'path' | 'line'>>

export function failure(details: Details): Problem {
  return { ...details, severity: 'error' }
}

export function warning(details: Details): Problem {
  return { ...details, severity: 'warning' }
}

/** Where a cluster stands in the fleet file, to spread into a problem. */
export function clusterPlace(spec: FleetSpec, cluster: ClusterSpec, below?: string): Pick<Problem, 'path' | 'line'> {
  const path = `clusters[${spec.clusters.findIndex(each => each.name === cluster.name)}]`
  return {
    path: below === undefined ? path : `${path}.${below}`,
    ...(cluster.line === undefined ? {} : { line: cluster.line }),
  }
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(problem => problem.severity === 'error')
}

/** `a, b and c`. */
export function wordList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

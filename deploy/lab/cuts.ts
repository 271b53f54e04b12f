import type { Problem } from '../../shared/domain/problem.ts'
import { type Cut, orchestratorEnd } from './model.ts'

export interface PartitionRequest {
  /** Hosts (or `orchestrator`) on one side; they still reach each other. */
  readonly side: readonly string[]
  /** The other side; everything that is not on the first side when left out. */
  readonly from?: readonly string[]
  /** Only frames that leave the first side are lost. */
  readonly oneWay?: boolean
}

/** Adds a partition to the cuts in force. */
export function addPartition({
  hosts,
  cuts,
  request,
}: CutInput & { readonly request: PartitionRequest }): readonly Cut[] {
  const others = request.from ?? [...hosts, orchestratorEnd].filter(end => !request.side.includes(end))
  const added = request.side.flatMap(from =>
    others
      .filter(to => to !== from)
      .flatMap(to =>
        request.oneWay === true
          ? [{ from, to }]
          : [
              { from, to },
              { from: to, to: from },
            ],
      ),
  )
  return [...cuts, ...added.filter(cut => !cuts.some(known => same(known, cut)))]
}

/** Takes away every cut that touches one of the ends; all of them when none is named. */
export function healCuts({
  cuts,
  ends,
}: {
  readonly cuts: readonly Cut[]
  readonly ends?: readonly string[]
}): readonly Cut[] {
  if (ends === undefined || ends.length === 0) return []
  return cuts.filter(cut => !ends.includes(cut.from) && !ends.includes(cut.to))
}

/** Names that are neither a host of the lab nor `orchestrator`. */
export function checkEnds(hosts: readonly string[], ends: readonly string[]): Problem | undefined {
  const unknown = ends.filter(end => end !== orchestratorEnd && !hosts.includes(end))
  if (unknown.length === 0) return undefined
  return {
    code: 'unknown-host',
    message: `the lab has no host ${unknown.join(', ')}`,
    hint: `its hosts are ${hosts.join(', ')}; the machine itself is '${orchestratorEnd}'`,
    severity: 'error',
  }
}

interface CutInput {
  readonly hosts: readonly string[]
  readonly cuts: readonly Cut[]
}

function same(a: Cut, b: Cut): boolean {
  return a.from === b.from && a.to === b.to
}

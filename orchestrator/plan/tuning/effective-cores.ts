import { type Fact, factOr } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { threadsOf } from '../node-view.ts'
import type { Sourced } from './tuned-setting.ts'

/** A second hardware thread adds about a quarter to a core: Intel's and AMD's own figures are 15 to 30 %. */
const THREAD_GAIN = 0.25

/**
 * How many cores' worth of work the host can do: its effective threads (cpuset and quota count), where the threads of one
 * core beyond the first count for a quarter. Undefined while nothing is known.
 */
export function coresOf(node: SnapshotNode): Sourced<number> | undefined {
  const threads = threadsOf(node)
  if (threads === undefined) return undefined
  const perCore = threadsPerCore(node)
  const value = (threads * (1 + THREAD_GAIN * (perCore - 1))) / perCore
  const from = `facts.cpu.effective of ${node.name}`
  return { value, from: perCore > 1 ? `${from} (${perCore} threads a core)` : from }
}

export function hardwareThreadsOf(node: SnapshotNode): Sourced<number> | undefined {
  const value = threadsOf(node)
  return value === undefined ? undefined : { value, from: `facts.cpu.effective of ${node.name}` }
}

/** Cores of the smallest of several NUMA nodes: parallel workers beyond it read each other's memory from afar. */
export function coresOfOneNumaNode(node: SnapshotNode): Sourced<number> | undefined {
  const nodes = (node.facts?.numa ?? []).filter(({ cpus }) => cpus.length > 0)
  if (nodes.length < 2) return undefined
  const threads = Math.min(...nodes.map(({ cpus }) => cpus.length))
  const perCore = threadsPerCore(node)
  return {
    value: Math.max(1, Math.floor((threads * (1 + THREAD_GAIN * (perCore - 1))) / perCore)),
    from: `facts.numa of ${node.name}`,
  }
}

function threadsPerCore(node: SnapshotNode): number {
  const cpu = node.facts?.cpu
  const cores = number(cpu?.cores)
  const threads = number(cpu?.threads)
  return cores > 0 && threads > cores ? Math.round(threads / cores) : 1
}

function number(fact: Fact<number> | undefined): number {
  return fact === undefined ? 0 : factOr(fact, 0)
}

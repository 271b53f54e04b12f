import { dataDiskOf, memoryOf, threadsOf } from '../../orchestrator/plan/node-view.ts'
import { type DiskKind, known, type NodeFacts } from '../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'

/** What all contenders are told of the host, from the same facts. */
export interface Machine {
  readonly cores: number
  readonly memoryBytes: number
  /** Of the file system that holds the data. */
  readonly diskBytes: number
  /** Absent: not known. */
  readonly diskKind?: DiskKind
  readonly postgresVersion: number
}

/** Settings of PostgreSQL by name, values as in postgresql.conf but unquoted. */
export type Settings = Readonly<Record<string, string>>

/** Throws when a fact that every contender needs is not known. */
export function machineOf(node: SnapshotNode, postgresVersion: number): Machine {
  const [threads, memoryBytes, disk] = [threadsOf(node), memoryOf(node), dataDiskOf(node)]
  if (threads === undefined || memoryBytes === undefined || disk === undefined)
    throw new Error(`the facts of ${node.name} lack its CPU, its memory or its file systems`)
  return {
    cores: Math.max(1, Math.floor(threads)),
    memoryBytes,
    diskBytes: disk.sizeBytes,
    ...(disk.kind === undefined ? {} : { diskKind: disk.kind }),
    postgresVersion,
  }
}

/** The facts of a host that had this much memory, so that a small data set can exceed shared buffers. */
export function withMemory(facts: NodeFacts, bytes: number): NodeFacts {
  const fact = known(bytes, '--memory')
  return { ...facts, memory: { ...facts.memory, totalBytes: fact, effectiveBytes: fact } }
}

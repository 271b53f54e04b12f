import { factOr, type NodeFacts } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { assumedFacts, type StatedHardware } from './assumed-facts.ts'
import type { StatedNode } from './facts-file-schema.ts'

/** Where nothing is said: what Drover is tested on first. */
const DEFAULT_OS = 'debian13'

/** True when an agent has reported. */
export function hasFacts({ facts }: StatedNode): boolean {
  return facts !== undefined && facts !== null
}

/** True when enough is said of a host to plan with it, though no agent has seen it. */
export function hasHardware({ hardware }: StatedNode): boolean {
  return hardware?.cores !== undefined && hardware.memoryBytes !== undefined
}

/** A host of a facts file as the planner takes it. Reported facts go before stated hardware. */
export function paperNode(node: StatedNode, index: number): SnapshotNode {
  const { id, name, state, labels } = node
  const known = osAndFacts(node)
  return {
    id: id ?? name,
    name,
    state,
    address: node.address === undefined || node.address === '' ? placeholderAddress(index) : node.address,
    labels,
    ...known,
  }
}

function osAndFacts(node: StatedNode): Pick<SnapshotNode, 'os' | 'facts'> {
  const { name, architecture, facts } = node
  const stated = node.os === undefined || node.os === '' ? undefined : node.os
  if (facts !== undefined && facts !== null) return { os: stated ?? reportedOs(facts), facts }
  const hardware = statedHardware(node)
  if (hardware === undefined) return stated === undefined ? {} : { os: stated }
  const os = stated ?? DEFAULT_OS
  return { os, facts: assumedFacts({ name, os, architecture, hardware }) }
}

function reportedOs({ os }: NodeFacts): string {
  return `${factOr(os.id, 'unknown')}${factOr(os.versionId, '')}`
}

function statedHardware({ hardware }: StatedNode): StatedHardware | undefined {
  if (hardware?.cores === undefined || hardware.memoryBytes === undefined) return undefined
  const { cores, threads, memoryBytes, fsync, disks } = hardware
  return {
    cores,
    memoryBytes,
    disks: disks.map(({ kind, ...disk }) => ({
      ...disk,
      ...(kind === undefined || kind === 'unknown' ? {} : { kind }),
    })),
    ...(threads === undefined ? {} : { threads }),
    ...(fsync === undefined ? {} : { fsync }),
  }
}

/** A host that is not bought yet has no address; this range is for tests of networks (RFC 2544) and nobody's own. */
function placeholderAddress(index: number): string {
  return `198.${18 + Math.floor(index / 65_024)}.${Math.floor(index / 254) % 256}.${(index % 254) + 1}`
}

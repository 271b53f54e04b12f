import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requiredPackages } from '../../orchestrator/plan/packages.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { aNode, aSnapshot } from './snapshot-builder.ts'

/** Pigsty's own templates, which lie beside the repository where they are at hand. */
export const TEMPLATES = join(import.meta.dirname, '../../../shared/data/pigsty-conf')
export const HAS_TEMPLATES = existsSync(TEMPLATES)

/** A template; one that is a symbolic link checked out as text stands for the file it names. */
export function template(name: string): string {
  const text = readFileSync(join(TEMPLATES, name), 'utf8')
  const target = /^\s*\S*?([\w-]+\.yml)\s*$/.exec(text)?.[1]
  return target === undefined ? text : readFileSync(join(TEMPLATES, target), 'utf8')
}

/** Ready Debian 13 nodes at the addresses that an inventory names, and every package that the spec asks for on offer. */
export function fleetOf(text: string, spec: FleetSpec): Snapshot {
  const addresses = [
    ...new Set([...text.matchAll(/\b(?:\d{1,3}\.){3}\d{1,3}(?=\s*:)/g)].map(([address]) => address)),
  ].sort()
  const nodes = addresses.map((address, index) => ({ ...aNode({ name: `node-${index + 1}`, threads: 8 }), address }))
  const offered = Object.fromEntries(requiredPackages(spec, 'debian13').map(name => [name, '1.0-1']))
  return aSnapshot({ nodes, packages: { debian13: offered } })
}

import type { Problem } from '../../../shared/domain/problem.ts'
import type { FleetFileInput } from '../schema.ts'
import type { Position, Source } from '../source.ts'
import { admit } from './admit.ts'
import { readInventory } from './inventory.ts'
import { Ledger } from './ledger.ts'
import { importFleet } from './map/fleet.ts'
import { nativeSteps } from './native-path.ts'
import { placeText, positionOf } from './place.ts'
import { makeReport, type ReportEntry } from './report.ts'

export interface ImportOptions {
  /** Name of the fleet; an inventory has none. */
  readonly fleetName?: string
  /** ISO date from which `expire_in` counts. Without it, users with `expire_in` do not expire, and the report says so. */
  readonly today?: string
  /** Contents of baseline files, by the name that the inventory gives them. */
  readonly baselines?: Readonly<Record<string, string>>
}

export interface Imported {
  /** A fleet file that Drover accepts. */
  readonly file: FleetFileInput
  /** Every value of the inventory exactly once. */
  readonly report: readonly ReportEntry[]
  /** The problem at the place of the inventory from which its path of the fleet file comes, where there is one. */
  locate(problem: Problem): Problem
}

/**
 * A Pigsty inventory as a fleet file, or why it cannot be read. Pure and deterministic: passwords become SCRAM verifiers whose salt comes
 * from the password, and no clock is read.
 */
export function importPigsty(text: string, options: ImportOptions = {}): Imported | readonly Problem[] {
  const inventory = readInventory(text)
  if (!('groups' in inventory)) return inventory
  const ledger = new Ledger()
  const { today, baselines = {}, fleetName = 'pigsty' } = options
  const file = importFleet({ inventory, ledger, baselines, ...(today === undefined ? {} : { today }) }, fleetName)
  const refused = admit(file, ledger)
  const locate = (problem: Problem): Problem => ({
    ...problem,
    ...placeOf({ file, path: problem.path ?? '', ledger, source: inventory.source }),
  })
  if (refused.length > 0) return refused.map(locate)
  return { file, report: makeReport(inventory, ledger), locate }
}

/** From the innermost part of the file that is known to come from somewhere, outwards. */
function placeOf({
  file,
  path,
  ledger,
  source,
}: {
  readonly file: FleetFileInput
  readonly path: string
  readonly ledger: Ledger
  readonly source: Source
}): Partial<Position> & { readonly path?: string } {
  for (const { parent, key, value } of nativeSteps(file, path).toReversed()) {
    const places = [
      ...(typeof value === 'object' && value !== null ? ledger.sourcesOf(value) : []),
      ...ledger.sourcesOf(parent, String(key)),
    ]
    const place = places.find(each => each[0] === 'all')
    if (place !== undefined) return { path: placeText(place), ...positionOf(source, place) }
  }
  return {}
}

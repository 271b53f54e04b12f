import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Imported, type ImportOptions, importPigsty } from '../../orchestrator/spec/pigsty/import-pigsty.ts'
import type { ReportEntry } from '../../orchestrator/spec/pigsty/report.ts'
import type { FleetFileInput } from '../../orchestrator/spec/schema.ts'

export const PIGSTY_FIXTURES = join(import.meta.dirname, '../fixtures/pigsty')

export type ImportedCluster = NonNullable<FleetFileInput['clusters']>[number]

export function pigstyFixture(name: string): string {
  return readFileSync(join(PIGSTY_FIXTURES, name), 'utf8')
}

/** The import, or a failed test. */
export function imported(text: string, options: ImportOptions = {}): Imported {
  const result = importPigsty(text, options)
  if (!('file' in result)) throw new Error(JSON.stringify(result, null, 1))
  return result
}

/** An inventory with one cluster `pg-main` whose primary is 10.0.0.1; `vars` are its group's, `hosts` further ones. */
export function inventoryOf({
  vars = {},
  hosts = {},
  primary = {},
  globals = {},
  groups = {},
}: {
  readonly vars?: object
  readonly hosts?: object
  readonly primary?: object
  readonly globals?: object
  readonly groups?: object
}): string {
  const members = { '10.0.0.1': { pg_seq: 1, pg_role: 'primary', ...primary }, ...hosts }
  const children = { 'pg-main': { hosts: members, vars: { pg_cluster: 'pg-main', ...vars } }, ...groups }
  return JSON.stringify({ all: { children, vars: { version: 'v4.5.0', ...globals } } })
}

export function importedCluster(sketch: Parameters<typeof inventoryOf>[0]): ImportedCluster {
  return clusterNamed(imported(inventoryOf(sketch)), 'pg-main')
}

export function clusterNamed({ file }: Imported, name: string): ImportedCluster {
  const found = file.clusters?.find(cluster => cluster.name === name)
  if (found === undefined) throw new Error(`no cluster ${name}`)
  return found
}

/** `mapped clusters[].workload`, `unsupported …`: what became of the value at a place. */
export function fateOf(report: readonly ReportEntry[], place: string): string {
  const entries = report.filter(entry => entry.place === place)
  return entries
    .map(({ treatment }) => `${treatment.kind} ${treatment.kind === 'mapped' ? treatment.to : treatment.reason}`)
    .join(' | ')
}

import type { Paragraph } from './deb822.ts'
import { renderDeb822 } from './deb822.ts'
import type { InstalledPackage } from './package-repository.ts'

/**
 * A dpkg status file that makes apt believe the packages are installed.
 *
 * Inventories hold names and versions only; what else apt must know comes from the package's record in the lists:
 * without `Provides` it would install a second awk, without `Depends` it would not notice that upgrading a library
 * drags its sibling along. The set may be the common part of several hosts, so a dependency that nothing in it
 * answers is left out: on the real hosts something else does.
 */
export function renderStatusFile(installed: readonly InstalledPackage[], records: readonly Paragraph[]): string {
  const byName = groupByName(records)
  const chosen = installed.map(item => ({ item, record: recordOf(item, byName.get(item.name) ?? []) }))
  const present = new Set(
    chosen.flatMap(({ item, record }) => [item.name, ...namesIn(record?.paragraph.get('provides'))]),
  )
  return chosen.map(({ item, record }) => stanza(item, record, present)).join('\n')
}

interface ChosenRecord {
  readonly paragraph: Paragraph
  /** The record is of another version: only what rarely changes between versions may be taken from it. */
  readonly exact: boolean
}

function groupByName(records: readonly Paragraph[]): ReadonlyMap<string, readonly Paragraph[]> {
  const groups = new Map<string, Paragraph[]>()
  for (const record of records) {
    const name = record.get('package') ?? ''
    groups.set(name, [...(groups.get(name) ?? []), record])
  }
  return groups
}

function recordOf(item: InstalledPackage, candidates: readonly Paragraph[]): ChosenRecord | undefined {
  const exact = candidates.find(candidate => candidate.get('version') === item.version)
  if (exact !== undefined) return { paragraph: exact, exact: true }
  const [other] = candidates
  return other === undefined ? undefined : { paragraph: other, exact: false }
}

function stanza(item: InstalledPackage, record: ChosenRecord | undefined, present: ReadonlySet<string>): string {
  const field = (name: string) => record?.paragraph.get(name.toLowerCase())
  const copied = (name: string) => optional(name, field(name))
  const relation = (name: string) =>
    record?.exact === true ? optional(name, keepAnswered(field(name) ?? '', present)) : []
  const exactly = (name: string) => (record?.exact === true ? copied(name) : [])
  // apt tells two packages of one version apart by size, relations and Multi-Arch: what is the same must look the same,
  // or it would install the archive's copy over it.
  return renderDeb822([
    ['Package', item.name],
    ['Status', 'install ok installed'],
    ...copied('Essential'),
    ...copied('Priority'),
    ...exactly('Installed-Size'),
    ...copied('Multi-Arch'),
    ['Architecture', item.architecture],
    ['Version', item.version],
    ['Maintainer', 'fleet inventory'],
    ...optional('Provides', (field('Provides') ?? '').replaceAll('\n', ' ')),
    ...relation('Pre-Depends'),
    ...relation('Depends'),
    ...exactly('Recommends'),
    ...exactly('Suggests'),
    ...exactly('Enhances'),
    ...exactly('Breaks'),
    ...exactly('Conflicts'),
    ...exactly('Replaces'),
    ['Description', 'installed on the hosts'],
  ])
}

function optional(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined || value === '' ? [] : [[name, value]]
}

/** Keeps the groups of a dependency field in which some alternative is present by name; a field of which all stay is kept to the letter. */
function keepAnswered(field: string, present: ReadonlySet<string>): string {
  const groups = field.split(',').map(group => group.trim())
  const kept = groups.filter(group => group.split('|').some(alternative => present.has(nameOf(alternative))))
  return kept.length === groups.length ? field : kept.join(', ')
}

function namesIn(field: string | undefined): readonly string[] {
  return (field ?? '')
    .split(',')
    .map(nameOf)
    .filter(name => name !== '')
}

/** `libc6:any (>= 2.38)` → `libc6`. */
function nameOf(relation: string): string {
  return relation.trim().split(/[\s(:[]/)[0] ?? ''
}

/** What all inventories have alike: name, version and architecture. The base for resolving what every one of these hosts needs. */
export function commonPackages(inventories: readonly (readonly InstalledPackage[])[]): readonly InstalledPackage[] {
  const [first = [], ...others] = inventories
  const keys = others.map(inventory => new Set(inventory.map(identity)))
  return first.filter(item => keys.every(set => set.has(identity(item))))
}

function identity(item: InstalledPackage): string {
  return `${item.name} ${item.version} ${item.architecture}`
}

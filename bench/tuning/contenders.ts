import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import { droverSettings } from './drover-settings.ts'
import { machineOf, type Settings } from './machine.ts'
import { observedAs, unobserved } from './observing.ts'
import { pgtuneSettings } from './pgtune.ts'
import { pigstyOltpSettings } from './pigsty-oltp.ts'

export interface Contender {
  readonly name: string
  readonly settings: Settings
}

/** Who is compared with the best of `OTHERS`. */
export const OURS = 'drover'
export const OTHERS = ['defaults', 'pgtune', 'pigsty'] as const
/** Drover without the libraries that observe: what observing costs. */
export const UNOBSERVED = 'drover-unobserved'
export const CONTENDERS = [...OTHERS, OURS, UNOBSERVED] as const

export type ContenderName = (typeof CONTENDERS)[number]

/** One setting that Drover would have otherwise. */
export interface Variation {
  readonly setting: string
  /** Absent: PostgreSQL's own default. */
  readonly value?: string
}

export interface ContendersInput {
  readonly node: SnapshotNode
  readonly postgresVersion: number
  readonly only: readonly ContenderName[]
  /** Drover's settings once more for each, to find what one of them costs or gains. */
  readonly vary: readonly Variation[]
}

/** Who is measured, each told the same of the host and, but for the unobserved one, observed by the same libraries. */
export function contendersFor({ node, postgresVersion, only, vary }: ContendersInput): readonly Contender[] {
  const machine = machineOf(node, postgresVersion)
  const drover = droverSettings(node)
  const settings: Readonly<Record<ContenderName, Settings>> = {
    defaults: observedAs(drover, {}),
    pgtune: observedAs(drover, pgtuneSettings(machine)),
    pigsty: observedAs(drover, pigstyOltpSettings(machine)),
    drover,
    [UNOBSERVED]: unobserved(drover),
  }
  return [
    ...only.map(name => ({ name, settings: settings[name] })),
    ...vary.map(variation => ({ name: nameOf(variation), settings: varied(drover, variation) })),
  ]
}

/** Reads `NAME=VALUE`, or `NAME=` for PostgreSQL's default; undefined when it is neither. */
export function parseVariation(text: string): Variation | undefined {
  const [, setting, value] = /^([\w.]+)=(.*)$/.exec(text) ?? []
  if (setting === undefined) return undefined
  return value === undefined || value === '' ? { setting } : { setting, value }
}

/** Drover's settings with one of them otherwise. What belongs to a library that is not loaded then does no harm. */
export function varied(settings: Settings, { setting, value }: Variation): Settings {
  const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== setting))
  return value === undefined ? rest : { ...rest, [setting]: value }
}

function nameOf({ setting, value = '' }: Variation): string {
  return `${setting}=${value}`
}

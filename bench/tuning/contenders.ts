import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import { droverSettings } from './drover-settings.ts'
import { machineOf, type Settings } from './machine.ts'
import { pgtuneSettings } from './pgtune.ts'
import { pigstyOltpSettings } from './pigsty-oltp.ts'

export interface Contender {
  /** `drover` is the one that is compared with the others. */
  readonly name: string
  readonly settings: Settings
}

export interface ContendersInput {
  readonly node: SnapshotNode
  readonly postgresVersion: number
  /** Settings without which Drover's are measured once more, to find what one of them costs. */
  readonly leaveOut: readonly string[]
}

/** Who is measured, each told the same of the host. */
export function contendersFor({ node, postgresVersion, leaveOut }: ContendersInput): readonly Contender[] {
  const machine = machineOf(node, postgresVersion)
  const drover = droverSettings(node)
  const contenders = [
    { name: 'defaults', settings: {} },
    { name: 'pgtune', settings: pgtuneSettings(machine) },
    { name: 'pigsty', settings: pigstyOltpSettings(machine) },
    { name: 'drover', settings: drover },
  ]
  if (leaveOut.length === 0) return contenders
  const rest = Object.entries(drover).filter(([name]) => !leaveOut.includes(name))
  return [...contenders, { name: 'drover-less', settings: Object.fromEntries(rest) }]
}

import { Option } from '@commander-js/extra-typings'
import { defaultLab } from '../create-lab.ts'
import type { LabContext } from '../lab-context.ts'
import type { MachineNeeds } from '../preflight.ts'

export interface CliContext extends Omit<LabContext, 'cacheDir'> {
  readonly machine: MachineNeeds
  /** Writes to stdout, as is. */
  readonly print: (text: string) => void
  /** The terminal's type, for programs in hosts. */
  readonly terminal?: string
  readonly exit: (code: number) => void
}

export function nameOption(): Option<'--name <lab>', undefined, string> {
  return new Option('--name <lab>', 'which lab').default(defaultLab.name)
}

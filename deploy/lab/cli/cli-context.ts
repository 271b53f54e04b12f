import { Option } from '@commander-js/extra-typings'
import { defaultLab, openLab } from '../create-lab.ts'
import type { Lab } from '../lab.ts'
import { defaultCacheDir, type LabContext } from '../lab-context.ts'
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

/** A lab to work with; only commands that make hosts need to say where images are. */
export function openNamed(cli: CliContext, name: string): Promise<Lab> {
  return openLab(name, { ...cli, cacheDir: defaultCacheDir })
}

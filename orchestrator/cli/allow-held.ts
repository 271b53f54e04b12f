import { Option } from '@commander-js/extra-typings'

const NONE: readonly string[] = []

/** For commands that move to another release of PostgreSQL. */
export function allowHeldOption() {
  return new Option('--allow-held <version>', 'a release of the hold list, named all the same; may be repeated')
    .argParser((text: string, before: readonly string[]): readonly string[] => [...before, text])
    .default(NONE, 'none')
}

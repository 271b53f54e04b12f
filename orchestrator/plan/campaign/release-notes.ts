import { KNOWN_NOTES, READ_RELEASES } from './known-notes.ts'

/** What a minor release asks people to do beside installing it. */
export interface ReleaseNote {
  /** `17.12`. */
  readonly version: string
  readonly action: ReleaseAction
  /** One sentence. */
  readonly what: string
  /** It concerns only databases that have this extension. */
  readonly extension?: string
  /** It concerns only servers with a logical slot of another output plugin than these. */
  readonly otherPluginsThan?: readonly string[]
  /** Where it was read. */
  readonly source: string
}

/** `review`: whether something has to be done depends on what only its owner knows. */
export const RELEASE_ACTIONS = ['reindex', 'repair', 'configure', 'backup', 'update-extension', 'review'] as const
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number]

/** Releases after `from`, up to and with `to`, of which nobody has told Drover what they ask for. The oldest first. Pure. */
export function unreadBetween(
  { from, to }: { readonly from: string; readonly to: string },
  fed: readonly ReleaseNote[],
): readonly string[] {
  const [fromMajor, fromMinor] = numbersOf(from)
  const [toMajor, toMinor] = numbersOf(to)
  if (fromMajor !== toMajor) return []
  const read = READ_RELEASES[toMajor] ?? []
  return Array.from({ length: Math.max(0, toMinor - fromMinor) }, (_, index) => fromMinor + 1 + index)
    .filter(minor => !read.some(([first, last]) => minor >= first && minor <= last))
    .map(minor => `${toMajor}.${minor}`)
    .filter(version => !fed.some(note => note.version === version))
}

/** What releases after `from`, up to and with `to`, ask for; of the same major version. The oldest first. Pure. */
export function notesBetween(
  { from, to }: { readonly from: string; readonly to: string },
  fed: readonly ReleaseNote[],
): readonly ReleaseNote[] {
  const [fromMajor, fromMinor] = numbersOf(from)
  const [toMajor, toMinor] = numbersOf(to)
  if (fromMajor !== toMajor) return []
  return [...KNOWN_NOTES, ...fed]
    .filter(({ version }) => {
      const [major, minor] = numbersOf(version)
      return major === toMajor && minor > fromMinor && minor <= toMinor
    })
    .toSorted((left, right) => numbersOf(left.version)[1] - numbersOf(right.version)[1])
}

function numbersOf(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return [major, minor]
}

/** A release that nobody should move to unless they name it. */
export interface HeldRelease {
  /** `17.1`. */
  readonly version: string
  readonly because: string
}

/** Known when this version of Drover was made: releases that were followed by another one out of turn because of what they broke. */
export const HELD_RELEASES: readonly HeldRelease[] = [
  ...held(
    ['18.2', '17.8', '16.12', '15.16', '14.21'],
    'it has regressions, for which 18.3, 17.9, 16.13, 15.17 and 14.22 came out of turn in February 2026',
  ),
  ...held(
    ['17.1', '16.5', '15.9', '14.14', '13.17', '12.21'],
    'it broke the interface that extensions such as TimescaleDB are compiled against, and ALTER ROLE ... SET ROLE; replaced a week later, in November 2024',
  ),
  ...held(
    ['14.0', '14.1', '14.2', '14.3'],
    'CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY can leave corrupt indexes; 14.4 came out of turn in June 2022',
  ),
]

/** Why a version is held, by the fleet's own word first; undefined: it is not, or is `allowed` by name. Pure. */
export function whyHeld(
  version: string,
  fed: readonly HeldRelease[],
  allowed: readonly string[] = [],
): string | undefined {
  if (allowed.includes(version)) return undefined
  return [...fed, ...HELD_RELEASES].find(each => each.version === version)?.because
}

function held(versions: readonly string[], because: string): readonly HeldRelease[] {
  return versions.map(version => ({ version, because }))
}

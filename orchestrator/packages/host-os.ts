/** The host operating systems that fleets run on, by OS id, and the apt suite each follows. */
export const SUPPORTED_OS: Readonly<Record<string, { readonly codename: string }>> = {
  debian13: { codename: 'trixie' },
  debian12: { codename: 'bookworm' },
}

/** Suite names by which a machine's own apt configuration may mean Debian. */
export const DEBIAN_CODENAMES: ReadonlySet<string> = new Set([
  'bullseye',
  'bookworm',
  'trixie',
  'forky',
  'oldoldstable',
  'oldstable',
  'stable',
  'testing',
])

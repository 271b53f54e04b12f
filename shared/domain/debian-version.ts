/**
 * Below zero: the left one is older. As dpkg orders versions (deb-version(7)): epoch, upstream version, revision; in each, digits by value,
 * `~` before everything, also before the end, letters before the rest.
 */
export function compareDebianVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)]
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
}

/** `17.12` of `17.12-0+deb13u1`. */
export function upstream(version: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? version
}

function partsOf(version: string) {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? []
  const dash = rest.lastIndexOf('-')
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  }
}

function compareParts(left: string, right: string): number {
  const [a, b] = [chunksOf(left), chunksOf(right)]
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [text = '', digits = ''] = a[index] ?? []
    const [otherText = '', otherDigits = ''] = b[index] ?? []
    const order = compareText(text, otherText) || Number(digits || 0) - Number(otherDigits || 0)
    if (order !== 0) return order
  }
  return 0
}

/** What is no digit, then digits, again and again. */
function chunksOf(part: string): readonly (readonly [string, string])[] {
  return Array.from(part.matchAll(/(\D*)(\d*)/g), ([, text = '', digits = '']) => [text, digits] as const)
}

function compareText(left: string, right: string): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = weight(left[index]) - weight(right[index])
    if (order !== 0) return order
  }
  return 0
}

function weight(character: string | undefined): number {
  if (character === undefined) return 0
  if (character === '~') return -1
  const code = character.charCodeAt(0)
  return /[A-Za-z]/.test(character) ? code : code + 256
}

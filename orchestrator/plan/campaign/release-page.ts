/** Where the notes of a release are to be read. */
export function releasePage(version: string): string {
  return `https://www.postgresql.org/docs/release/${version}/`
}

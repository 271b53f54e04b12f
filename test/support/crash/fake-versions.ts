import type { Manifest } from '../../../shared/domain/manifest.ts'

/** Of PostgreSQL, on every made-up machine; neither of the two is held. */
export const INSTALLED = '17.4'
/** Also on offer. */
export const OLDER = '17.3'

/** Of what runs beside PostgreSQL: the end of a version that is also on offer. */
export const OTHER = '+2'

/** With which the instance starts: its runtime's, or what is installed. */
export function versionAtStart({ links }: Manifest, instance: string): string {
  const target = links?.find(({ path }) => path.includes(`/${instance}/`))?.target ?? ''
  return /\/(\d+\.\d+)-[0-9a-f]{8}/.exec(target)?.[1] ?? INSTALLED
}

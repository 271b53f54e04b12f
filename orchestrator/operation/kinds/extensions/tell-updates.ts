import type { ExtensionUpdates } from '../../../../shared/domain/extension-update.ts'

/** One phrase. Pure. */
export function tellUpdates({ updated, refused }: ExtensionUpdates): string {
  const done = updated.map(({ database, name, version, to }) => `${name} in ${database} ${version} → ${to}`)
  const left = refused.map(
    ({ database, name, because }) => `warning: ${name} in ${database} is not updated: ${because}`,
  )
  return [...done, ...left].join('; ') || 'all are up to date'
}

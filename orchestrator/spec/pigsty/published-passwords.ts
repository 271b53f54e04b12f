import type { ReportEntry } from './report.ts'

/** Note at a password that everybody can read in Pigsty's documentation. */
export const PUBLISHED_PASSWORD = 'Pigsty publishes this password: change it'

/** Values that hold such a password, in the order of the file. */
export function publishedPasswords(report: readonly ReportEntry[]): readonly ReportEntry[] {
  return report.filter(({ treatment }) => treatment.kind === 'mapped' && treatment.note === PUBLISHED_PASSWORD)
}

/** What differs between the packages of the operating systems that Drover runs on; everything else is rendered alike. */
export interface OsDifferences {
  /** PgBouncer 1.21 and later keep prepared statements alive in transaction mode. */
  readonly poolerPreparedStatements: boolean
}

const DIFFERENCES: Readonly<Record<string, OsDifferences>> = {
  debian13: { poolerPreparedStatements: true },
  debian12: { poolerPreparedStatements: false },
}

/** An OS that is not listed is taken for the oldest one, which every newer one can do. */
const OLDEST: OsDifferences = { poolerPreparedStatements: false }

export function osDifferences(os: string | undefined): OsDifferences {
  return (os === undefined ? undefined : DIFFERENCES[os]) ?? OLDEST
}

/** Pigsty's words are PgBouncer's, and so are Drover's. */
export const POOL_MODES = { transaction: 'transaction', session: 'session', statement: 'statement' } as const

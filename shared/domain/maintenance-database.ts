/**
 * The database that every PostgreSQL cluster is born with, and where tools connect that need no other: nobody makes or drops
 * it, and Drover works through it itself.
 */
export const MAINTENANCE_DATABASE = 'postgres'

/** Who owns it: the superuser, whose name nobody else may have. */
export const MAINTENANCE_OWNER = 'postgres'

import { z } from 'zod'

/** How long the clients of poolers that stop get to leave by themselves; 0: they are disconnected between two transactions. */
export interface Patience {
  readonly waitClientsSeconds: number
}

export const patience = { waitClientsSeconds: z.number().min(0).max(86_400).default(0) }

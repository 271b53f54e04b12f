import { z } from 'zod'
import { SETTING_RULE } from '../names.ts'
import { connections, count } from './quantity.ts'
import { name } from './text.ts'

export const poolMode = z.enum(['transaction', 'session', 'statement'])

export const pooler = z.strictObject({
  mode: poolMode.default('transaction').describe('When a server connection goes back to its pool.'),
  maxClientConnections: count(10, 100_000).default(1000).describe('Clients of one pooler.'),
  poolSize: count(1, 10_000)
    .exactOptional()
    .describe('Server connections for each database and user. Absent: from max_connections and cores.'),
  reserveSize: count(0, 10_000)
    .exactOptional()
    .describe('Further server connections while clients wait too long. Absent: a quarter of the pool.'),
  maxDatabaseConnections: connections
    .exactOptional()
    .describe('Server connections of one database over all users. Absent: from max_connections.'),
  maxUserConnections: connections.exactOptional().describe('Server connections of one user over all databases.'),
  tls: z.enum(['disable', 'allow', 'prefer', 'require']).default('prefer').describe('Of clients.'),
  ignoreStartupParameters: z
    .array(name(SETTING_RULE))
    .default(['extra_float_digits'])
    .describe('Start-up parameters of clients that the pooler ignores instead of refusing.'),
})

import { z } from 'zod'
import { OBJECT_RULE } from '../names.ts'
import { name, schemaName } from './text.ts'

const verb = z.enum([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'REFERENCES',
  'TRIGGER',
  'MAINTAIN',
  'USAGE',
  'CREATE',
  'EXECUTE',
  'ALL',
])

export const privilege = z.strictObject({
  for: z
    .array(name(OBJECT_RULE))
    .default([])
    .describe('Who makes the objects. Empty: every owner of a declared database, and the superuser.'),
  to: name(OBJECT_RULE).describe("A user of this cluster, a role of PostgreSQL's own, or `public`."),
  on: z.enum(['schemas', 'tables', 'sequences', 'functions', 'types']).describe('Kind of object.'),
  grant: z.array(verb).min(1).describe('Privileges that exist on this kind of object, or `ALL`.'),
  schema: schemaName.exactOptional().describe('Only objects in this schema.'),
})

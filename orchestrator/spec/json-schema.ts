import { z } from 'zod'
import { fleetFile } from './schema.ts'

/**
 * The fleet file as JSON Schema, for editors: the shape as it is written, before defaults. Draft 7 is what the YAML
 * language servers know best. Rules that span several keys are not in it; `drover plan` tells them.
 */
export function fleetJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(fleetFile, {
    target: 'draft-7',
    io: 'input',
    override: withoutOwnFormats,
  })
  return { $schema, title: 'Drover fleet file', ...schema }
}

/** Formats that only zod knows; the pattern beside each says the same. */
const OWN_FORMATS: ReadonlySet<string> = new Set(['cidrv4', 'cidrv6'])

function withoutOwnFormats({ jsonSchema }: { readonly jsonSchema: { format?: string | undefined } }): void {
  if (jsonSchema.format !== undefined && OWN_FORMATS.has(jsonSchema.format)) delete jsonSchema.format
}

import { z } from 'zod'
import { fleetFile } from './schema.ts'
import type { Path } from './source.ts'

type Schema = z.core.$ZodType

/** The keys that the map at this path may have; empty where any key is allowed. */
export function knownKeys(path: Path): readonly string[] {
  let schemas: readonly Schema[] = [fleetFile]
  for (const part of path) {
    schemas = schemas.flatMap(schema => objectsAndLists(schema)).flatMap(schema => step(schema, part))
  }
  return schemas
    .flatMap(schema => objectsAndLists(schema))
    .flatMap(schema => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []))
}

/** Every key of the schema as a path: `clusters[].placement.spread`. The reference example is tested against it. */
export function schemaKeys(schema: Schema = fleetFile, prefix = ''): readonly string[] {
  return objectsAndLists(schema).flatMap(each => {
    if (each instanceof z.ZodArray) return schemaKeys(each.element, `${prefix}[]`)
    if (!(each instanceof z.ZodObject)) return []
    return Object.entries(each.shape).flatMap(([key, value]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`
      return [path, ...schemaKeys(value as Schema, path)]
    })
  })
}

function step(schema: Schema, part: string | number): readonly Schema[] {
  if (schema instanceof z.ZodArray) return [schema.element]
  if (schema instanceof z.ZodObject) {
    const value: unknown = (schema.shape as Readonly<Record<string, unknown>>)[part]
    return value instanceof z.ZodType ? [value] : []
  }
  return []
}

/** Looks through defaults, optionals, transforms and unions to the objects and lists inside. */
function objectsAndLists(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional) {
    return objectsAndLists(schema.unwrap())
  }
  if (schema instanceof z.ZodPipe) return objectsAndLists(schema.in)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(option => objectsAndLists(option))
  return schema instanceof z.ZodObject || schema instanceof z.ZodArray ? [schema] : []
}

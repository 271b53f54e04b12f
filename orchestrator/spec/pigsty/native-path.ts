import { isTable } from './values.ts'

export interface Step {
  readonly parent: object
  readonly key: string | number
  readonly value: unknown
}

/** The steps of `clusters[0].parameters.cron.database_name` that the data has; names of settings may have dots themselves. */
export function nativeSteps(root: object, path: string): readonly Step[] {
  const words = [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([word, index]) =>
    index === undefined ? word : Number(index),
  )
  const steps: Step[] = []
  let parent: unknown = root
  for (let at = 0; at < words.length; ) {
    const step = stepInto(parent, words.slice(at))
    if (step === undefined) break
    steps.push(step.step)
    parent = step.step.value
    at += step.length
  }
  return steps
}

function stepInto(
  parent: unknown,
  words: readonly (string | number)[],
): { readonly step: Step; readonly length: number } | undefined {
  const [first] = words
  if (Array.isArray(parent)) {
    const value: unknown = typeof first === 'number' ? parent[first] : undefined
    return typeof first === 'number' && value !== undefined
      ? { step: { parent, key: first, value }, length: 1 }
      : undefined
  }
  if (!isTable(parent)) return undefined
  for (let length = words.length; length > 0; length -= 1) {
    const key = words.slice(0, length).join('.')
    if (Object.hasOwn(parent, key)) return { step: { parent, key, value: parent[key] }, length }
  }
  return undefined
}

import { DroverError } from '../../shared/domain/errors.ts'

export type Labels = Readonly<Record<string, string>>

const KEY = /^[a-z0-9](?:[a-z0-9._/-]{0,61}[a-z0-9])?$/
const VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

/** The labels, or `invalid` with what a label may look like. */
export function checkedLabels(labels: Labels): Labels {
  const wrong = Object.entries(labels).find(([key, value]) => !KEY.test(key) || !VALUE.test(value))
  if (wrong === undefined) return labels
  throw new DroverError('invalid', `${JSON.stringify(wrong.join('='))} is no label`, {
    hint: 'lower-case letters, digits and . _ - / in keys; letters, digits and . _ - in values; at most 63 each',
  })
}

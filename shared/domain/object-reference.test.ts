import { describe, expect, it } from 'vitest'
import { objectPhrase, parseObjectReference, showObjectReference } from './object-reference.ts'

describe('the name of something inside a cluster', () => {
  it.each([
    ['database:pg-main/app', 'database app'],
    ['user:pg-main/bob', 'user bob'],
    ['schema:pg-main/app/sales', 'schema sales in app'],
    ['extension:pg-main/app/uuid-ossp', 'extension uuid-ossp in app'],
  ])('is read and shown alike: %s', (text, phrase) => {
    const object = parseObjectReference(text)
    expect(object === undefined ? undefined : [showObjectReference(object), objectPhrase(object)]).toEqual([
      text,
      phrase,
    ])
  })

  it.each([
    'pg-main',
    'pg-main-3',
    'database:pg-main',
    'database:/app',
    'schema:pg-main/app',
    'table:pg-main/app/t',
    'user:',
  ])('is none: %s', text => {
    expect(parseObjectReference(text)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { primaryWay } from './primary-way.ts'

describe('the restart of a primary', () => {
  it('is in place where nothing makes the server end late', () => {
    expect(primaryWay({ archiveBacklog: 0 }, true)).toMatchObject({ way: 'in-place' })
    expect(primaryWay({ archiveBacklog: 4 }, true)).toMatchObject({ way: 'in-place' })
  })

  it('is a switchover where the archiver has much to do, and somebody can take over', () => {
    expect(primaryWay({ archiveBacklog: 300 }, true)).toEqual({
      way: 'switchover',
      because: '300 WAL files wait to be archived, and a server does not end before',
    })
    expect(primaryWay({ archiveBacklog: 300 }, false)).toMatchObject({ way: 'in-place' })
  })
})

import { describe, expect, it } from 'vitest'
import { rowsOf } from './show.ts'

describe("what a pooler's console shows", () => {
  it('is read by column, whatever clients call themselves', () => {
    const csv = 'type,user,application_name,remote_pid\nS,app,,411\nS,app,"a ""b"", c\nd",412\n'
    expect(rowsOf(csv)).toEqual([
      { type: 'S', user: 'app', application_name: '', remote_pid: '411' },
      { type: 'S', user: 'app', application_name: 'a "b", c\nd', remote_pid: '412' },
    ])
  })

  it('is nothing when there are no rows', () => {
    expect(rowsOf('type,user\n')).toEqual([])
    expect(rowsOf('')).toEqual([])
  })
})

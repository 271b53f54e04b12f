import { describe, expect, it } from 'vitest'
import { refuseHeld } from './refuse-held.ts'

const runtime = { id: '17.12-0badcafe', os: 'debian13', postgresVersion: 17, serverVersion: '17.12', packages: [] }
const target = { serverVersion: '17.12', runtime, before: { 'pg-1': null, 'pg-2': runtime.id } }
const held = [{ version: '17.12', because: 'it was withdrawn' }]

describe('a held release', () => {
  it('is refused with the reason until somebody names it', () => {
    expect(() => refuseHeld(target, [], held)).toThrow('17.12 is held: it was withdrawn')
    expect(() => refuseHeld(target, ['17.11'], held)).toThrow('17.12 is held')
    expect(() => refuseHeld(target, ['17.12'], held)).not.toThrow()
    expect(() => refuseHeld(target, [], [])).not.toThrow()
  })

  it('is no reason to refuse where all members run it already', () => {
    expect(() => refuseHeld({ ...target, before: { 'pg-1': runtime.id } }, [], held)).not.toThrow()
    const installed = { serverVersion: '17.12', runtime: null, before: { 'pg-1': null } }
    expect(() => refuseHeld(installed, [], held)).not.toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import type { Durability } from '../../../../shared/domain/spec.ts'
import { type SeenMembers, seenMembers } from '../../../../test/support/seen-members.ts'
import { isCloned } from './steps.ts'
import { subjectOf } from './subject.ts'

const following = (...names: readonly string[]) =>
  names.map(name => ({ name, state: 'streaming', syncState: 'async' }) as const)

const cluster: SeenMembers = {
  'pg-main-1': { role: 'primary', state: 'running', replication: following('pg-main-2', 'pg-main-3') },
  'pg-main-2': { role: 'sync-standby', state: 'streaming', startedAt: 'noon' },
  'pg-main-3': { role: 'replica', state: 'streaming' },
}

describe('a member that is to be cloned anew', () => {
  it('is known with the start of the server that goes, and whether commits wait for it', () => {
    expect(subject(cluster, 'pg-main-2')).toMatchObject({ confirms: true, startedAt: 'noon' })
    expect(subject(cluster, 'pg-main-3').confirms).toBe(false)
  })

  it('needs no second word when it is not well', () => {
    const broken = { ...cluster, 'pg-main-3': { role: 'replica', state: 'start failed' } } as const
    expect(subject(broken, 'pg-main-3', { confirmed: false }).member.instance).toBe('pg-main-3')
    expect(() => subject(cluster, 'pg-main-3', { confirmed: false })).toThrow('its data would go')
  })

  it('may confirm all commits there are as long as another member could', () => {
    expect(subject(cluster, 'pg-main-2', { durability: 'strict-sync' }).confirms).toBe(true)
    const reader = { mayConfirm: ['pg-main-1', 'pg-main-2'], durability: 'strict-sync' } as const
    expect(() => subject(cluster, 'pg-main-2', reader)).toThrow('the only standby that can confirm commits')
    expect(subject(cluster, 'pg-main-2', { ...reader, durability: 'sync' }).confirms).toBe(true)
  })

  it.each([
    ['it is the primary', cluster, 'pg-main-1'],
    ['has no member pg-main-9', cluster, 'pg-main-9'],
    ['no primary to clone from', { ...cluster, 'pg-main-1': { state: 'starting' } }, 'pg-main-3'],
    ['Patroni does not answer', { ...cluster, 'pg-main-3': { state: 'unreachable' } }, 'pg-main-3'],
  ] satisfies [string, SeenMembers, string][])('refuses: %s', (why, seen, instance) => {
    expect(() => subject(seen, instance)).toThrow(why)
  })

  it('is cloned when another server than before streams', () => {
    const before = subject(cluster, 'pg-main-2')
    const with2 = (change: Partial<InstanceObservation>) =>
      isCloned(before, seenMembers({ ...cluster, 'pg-main-2': { ...cluster['pg-main-2'], ...change } }).observations)
    expect(with2({})).toBe(false)
    expect(with2({ startedAt: 'one', state: 'starting' })).toBe(false)
    expect(with2({ startedAt: 'one' })).toBe(true)
  })
})

function subject(seen: SeenMembers, instance: string, more: Partial<Parameters<typeof subjectOf>[0]> = {}) {
  return subjectOf({
    cluster: 'pg-main',
    instance,
    confirmed: true,
    durability: 'sync' satisfies Durability,
    mayConfirm: Object.keys(seen),
    ...seenMembers(seen),
    ...more,
  })
}

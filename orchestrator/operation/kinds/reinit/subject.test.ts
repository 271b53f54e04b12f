import { describe, expect, it } from 'vitest'
import { EMPTY_MANIFEST, type InstanceWatch, type Manifest } from '../../../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import type { Durability } from '../../../../shared/domain/spec.ts'
import { isCloned } from './steps.ts'
import { subjectOf } from './subject.ts'

type Seen = Readonly<Record<string, Partial<InstanceObservation>>>

const following = (...names: readonly string[]) =>
  names.map(name => ({ name, state: 'streaming', syncState: 'async' }) as const)

const cluster: Seen = {
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
  ] satisfies [string, Seen, string][])('refuses: %s', (why, seen, instance) => {
    expect(() => subject(seen, instance)).toThrow(why)
  })

  it('is cloned when another server than before streams', () => {
    const before = subject(cluster, 'pg-main-2')
    const with2 = (change: Partial<InstanceObservation>) =>
      isCloned(before, observations({ ...cluster, 'pg-main-2': { ...cluster['pg-main-2'], ...change } }))
    expect(with2({})).toBe(false)
    expect(with2({ startedAt: 'one', state: 'starting' })).toBe(false)
    expect(with2({ startedAt: 'one' })).toBe(true)
  })
})

function subject(seen: Seen, instance: string, more: Partial<Parameters<typeof subjectOf>[0]> = {}) {
  return subjectOf({
    cluster: 'pg-main',
    instance,
    confirmed: true,
    durability: 'sync' satisfies Durability,
    mayConfirm: Object.keys(seen),
    manifests: new Map(Object.keys(seen).map(name => [`node of ${name}`, manifestWith(name)])),
    observations: observations(seen),
    ...more,
  })
}

function observations(seen: Seen) {
  return new Map(
    Object.entries(seen).map(([instance, now]) => [
      `node of ${instance}`,
      { observedAt: 0, instances: [{ ...UNSEEN, instance, ...now }] },
    ]),
  )
}

const UNSEEN: InstanceObservation = {
  cluster: 'pg-main',
  instance: '',
  role: 'unknown',
  state: 'unreachable',
  poolers: [],
  services: [],
}

function manifestWith(instance: string): Manifest {
  const watch: InstanceWatch = {
    cluster: 'pg-main',
    instance,
    address: '10.0.0.1',
    postgresPort: 5432,
    socketDirectory: '/run/pg',
    dataDirectory: '/data',
    patroniUrl: 'https://127.0.0.1:8008',
    patroniUnit: 'patroni.service',
    caPath: '/ca',
    certPath: '/cert',
    keyPath: '/key',
    poolers: [],
    services: [],
  }
  return { ...EMPTY_MANIFEST, watches: { instances: [watch] } }
}

import { describe, expect, it } from 'vitest'
import type { PatroniSurvey } from '../../../../shared/domain/patroni-survey.ts'
import { type FailoverRequest, failoverVerdict } from './verdict.ts'

const members = ['pg-main-1', 'pg-main-2', 'pg-main-3']
const known = { isSynchronous: true, members }
const one = { instance: 'pg-main-1', state: 'running', synchronous: false, noFailover: false }
const two = { instance: 'pg-main-2', state: 'streaming', synchronous: false, lagBytes: 0, noFailover: false }
const three = { instance: 'pg-main-3', state: 'streaming', synchronous: true, lagBytes: 64, noFailover: false }
const alive = [
  { instance: 'pg-main-2', role: 'replica', state: 'running' },
  { instance: 'pg-main-3', role: 'sync-standby', state: 'running' },
]
/** What the two standbys say when the host of pg-main-1 is dead. */
const dead: PatroniSurvey = {
  leader: 'pg-main-1',
  paused: false,
  members: [one, two, three],
  answers: alive,
  ttlSeconds: 20,
  loopWaitSeconds: 5,
}

describe('a failover on demand', () => {
  it('takes the synchronous standby, and loses nothing that was acknowledged', () => {
    expect(verdict(dead)).toEqual({
      kind: 'go',
      from: 'pg-main-1',
      to: 'pg-main-3',
      lostAtMost: { knownBytes: 0, unknownMs: 0 },
      leaseMs: 20_000,
    })
  })

  it('knows who was the primary when its lease is over already', () => {
    const { leader: _, ...unled } = dead
    expect(verdict(unled)).toMatchObject({ kind: 'go', from: 'pg-main-1' })
  })

  it('promotes one that may lack commits only when that loss is accepted by its name', () => {
    const to = 'pg-main-2'
    expect(() => verdict(dead, { to })).toThrow('pg-main-2 did not confirm the last commits; pg-main-3 did')
    expect(() => verdict(dead, { to, acceptDataLoss: 'pg-main-3' })).toThrow('did not confirm')
    expect(verdict(dead, { to, acceptDataLoss: to })).toMatchObject({
      to,
      lostAtMost: { knownBytes: 0, unknownMs: 5_000 },
    })
  })

  it('says how much may be lost where commits are not synchronous', () => {
    expect(() => verdict(dead, {}, false)).toThrow(
      /commits are not synchronous: .*64 bytes .*and whatever the primary acknowledged in its last 5 s/,
    )
    expect(verdict(dead, { acceptDataLoss: 'pg-main-3' }, false)).toMatchObject({
      to: 'pg-main-3',
      lostAtMost: { knownBytes: 64, unknownMs: 5_000 },
    })
  })

  it('says that Patroni was faster', () => {
    const answers = alive.map(each => (each.instance === 'pg-main-3' ? { ...each, role: 'primary' } : each))
    const lastPromotion = { instance: 'pg-main-3', ageMs: 4_000 }
    const moved = { ...dead, leader: 'pg-main-3', answers, lastPromotion }
    expect(verdict(moved)).toEqual({ kind: 'done', from: 'pg-main-1', to: 'pg-main-3' })
    expect(() => verdict(moved, { to: 'pg-main-2' })).toThrow('its primary pg-main-3 is healthy')
    // Patroni forgets a dead member when its lease is over.
    expect(verdict({ ...moved, members: [two, three] })).toEqual({ kind: 'done', from: 'pg-main-1', to: 'pg-main-3' })
  })

  it('knows who of several dead members was the primary, once their leases are over', () => {
    const seen = {
      ...dead,
      members: [two],
      answers: alive.slice(0, 1),
      lastPromotion: { instance: 'pg-main-3', ageMs: 1e9 },
    }
    const { leader: _, ...unled } = seen
    const surveys = new Map([['pg-main-2', unled]])
    const request = { cluster: 'pg-main', acceptDataLoss: 'pg-main-2' }
    expect(failoverVerdict(request, surveys, known)).toMatchObject({ kind: 'go', from: 'pg-main-3', to: 'pg-main-2' })
  })
})

describe('a failover is refused (S3)', () => {
  const primary = { instance: 'pg-main-1', role: 'primary', state: 'running' }
  it('beside a healthy primary', () => {
    const healthy = { ...dead, answers: [primary, ...alive] }
    const surveys = new Map(['pg-main-1', 'pg-main-2', 'pg-main-3'].map(name => [name, healthy]))
    expect(() => failoverVerdict({ cluster: 'pg-main' }, surveys, known)).toThrow(
      'its primary pg-main-1 is healthy; use: drover cluster switchover pg-main',
    )
  })

  it('while a single member still reaches a primary whose agent is silent', () => {
    const surveys = new Map([
      ['pg-main-2', dead],
      ['pg-main-3', { ...dead, answers: [primary, ...alive] }],
    ])
    expect(() => failoverVerdict({ cluster: 'pg-main' }, surveys, known)).toThrow(
      'pg-main-1 still answers other members (as primary, running), and may acknowledge commits',
    )
  })

  it('while a server answers whose Patroni is dead', () => {
    const answers = [{ ...primary, role: 'unknown', state: 'its PostgreSQL answers, its Patroni does not' }, ...alive]
    expect(() => verdict({ ...dead, answers })).toThrow('may acknowledge commits')
  })

  it.each([
    ['pg-main-9 is not one of its standbys', dead, 'pg-main-9'],
    ['the agent of pg-main-1 is silent', dead, 'pg-main-1'],
    ['pg-main-2 is never promoted', { ...dead, members: [one, { ...two, noFailover: true }, three] }, 'pg-main-2'],
    ['pg-main-2 is starting', { ...dead, members: [one, { ...two, state: 'starting' }, three] }, 'pg-main-2'],
  ])('because %s', (why, seen, to) => {
    expect(() => verdict(seen, { to })).toThrow(why)
  })

  it('when nobody who lives can be asked', () => {
    expect(() => failoverVerdict({ cluster: 'pg-main' }, new Map(), known)).toThrow('no member of it that lives')
  })
})

function verdict(seen: PatroniSurvey, request: Partial<FailoverRequest> = {}, isSynchronous = true) {
  const surveys = new Map(['pg-main-2', 'pg-main-3'].map(name => [name, seen]))
  return failoverVerdict({ cluster: 'pg-main', ...request }, surveys, { isSynchronous, members })
}

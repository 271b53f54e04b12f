import { describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { createLog } from '../../shared/lib/log.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import type { NodeRecord } from './identity-store.ts'
import type { SessionEnd } from './session.ts'
import { type ConnectionParts, stayConnected } from './stay-connected.ts'

const record: NodeRecord = {
  fleetId: 'fleet-1',
  nodeId: 'node-1',
  generation: 1,
  certificatePem: 'first',
  caPem: '',
  enrolAddresses: ['a:1', 'b:1'],
  meshAddresses: ['a:2', 'b:2'],
  tokenId: 'token',
}

/** Sessions that end as the test says; the longest delays that the jitter allows. */
function connect(ends: (attempt: number) => Promise<SessionEnd>, more: Partial<ConnectionParts> = {}) {
  const clock = new ManualClock()
  const abort = new AbortController()
  const attempts: string[] = []
  const parts: ConnectionParts = {
    session: async ({ address, record: used }) => {
      attempts.push(`${address} ${used.certificatePem}`)
      return ends(attempts.length)
    },
    recover: async target => ({ ...target.record, certificatePem: 'recovered' }),
    saveRecord: async () => undefined,
    expiryOf: () => Number.POSITIVE_INFINITY,
    hasFreshToken: async () => false,
    clock,
    log: createLog({ level: 'silent' }),
    random: () => 0.999,
    ...more,
  }
  const running = stayConnected(record, parts, abort.signal)
  running.catch(() => undefined)
  return { clock, attempts, running, abort }
}

const unreachable = () => Promise.reject(new DroverError('unavailable', 'no route'))
const settled = () => new Promise(resolve => setImmediate(resolve))

describe('staying connected', () => {
  it('tries again later and later, at most a minute apart, and takes the addresses in turn', async () => {
    const { clock, attempts, abort } = connect(unreachable)
    await settled()
    const waits: number[] = []
    for (let round = 0; round < 9; round += 1) {
      const before = attempts.length
      let waited = 0
      while (attempts.length === before) {
        await clock.advance(250)
        await settled()
        waited += 250
      }
      waits.push(waited)
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    expect(attempts.slice(0, 3)).toEqual(['a:2 first', 'b:2 first', 'a:2 first'])
    abort.abort()
  })

  it('comes back after the time that a goodbye names', async () => {
    const goodbye = { kind: 'goodbye', reconnectAfterMs: 10_000, reason: 'restart' } as const
    const { clock, attempts, abort } = connect(async () => goodbye)
    await settled()
    await clock.advance(4_000)
    expect(attempts).toHaveLength(1)
    await clock.advance(6_500)
    await settled()
    expect(attempts).toHaveLength(2)
    abort.abort()
  })

  it('dials at once with a renewed certificate', async () => {
    const { attempts, abort } = connect(attempt =>
      attempt === 1
        ? Promise.resolve({ kind: 'renewed', record: { ...record, certificatePem: 'second' } })
        : new Promise(() => undefined),
    )
    await settled()
    expect(attempts).toEqual(['a:2 first', 'b:2 second'])
    abort.abort()
  })

  it('proves its identity key when the certificate has expired', async () => {
    const { attempts, abort } = connect(() => new Promise(() => undefined), {
      expiryOf: ({ certificatePem }) => (certificatePem === 'first' ? 0 : Number.POSITIVE_INFINITY),
    })
    await settled()
    expect(attempts).toEqual(['a:2 recovered'])
    abort.abort()
  })

  it('gives up its identity only for another invitation', async () => {
    const { running } = connect(unreachable, { hasFreshToken: async () => true })
    expect(await running).toBe('rejoin')
  })
})

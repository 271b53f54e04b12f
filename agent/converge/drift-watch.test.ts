import { describe, expect, it } from 'vitest'
import { type ConvergeResult, EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { createLog } from '../../shared/lib/log.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { createDriftWatch } from './drift-watch.ts'

const certificate = {
  name: 'postgres',
  certPath: '/c',
  keyPath: '/k',
  caPath: '/a',
  owner: 'root',
  group: 'root',
  commonName: 'x',
  sans: [],
  usages: ['server'],
  reactions: [],
} as const
const manifest: Manifest = { ...EMPTY_MANIFEST, certificates: [certificate] }

function watch(dryRun: () => ConvergeResult | null) {
  const clock = new ManualClock()
  const renewed: Manifest[] = []
  const drift = createDriftWatch({
    manifests: {
      load: async () => manifest,
      hash: () => 'hash',
      hashOf: () => 'hash',
      watches: () => manifest.watches,
      save: async () => undefined,
    },
    dryRun: async () => dryRun(),
    renew: async changed => {
      renewed.push(changed)
      return { dryRun: false, items: [] }
    },
    clock,
    log: createLog({ level: 'silent' }),
  })
  const abort = new AbortController()
  void drift.run(abort.signal)
  return { drift, clock, renewed, abort }
}

describe('the drift watch', () => {
  it('looks by itself within a minute or so and reports what differs, nothing else', async () => {
    const { drift, clock, renewed, abort } = watch(() => ({
      dryRun: true,
      items: [
        { kind: 'file', name: '/etc/a', status: 'would-change', detail: 'content differs' },
        { kind: 'file', name: '/etc/b', status: 'ok' },
      ],
    }))
    expect(drift.report()).toBeUndefined()
    await clock.advance(73_000)
    expect(drift.report()?.items).toEqual([{ kind: 'file', name: '/etc/a', detail: 'content differs' }])
    expect(renewed).toEqual([])
    abort.abort()
  })

  it('renews a certificate that is due, and only that', async () => {
    const { clock, renewed, abort } = watch(() => ({
      dryRun: true,
      items: [{ kind: 'certificate', name: 'postgres', status: 'would-change', detail: 'due for renewal' }],
    }))
    await clock.advance(73_000)
    expect(renewed).toEqual([{ ...EMPTY_MANIFEST, certificates: [certificate] }])
    abort.abort()
  })

  it('waits while a command changes the machine', async () => {
    const { drift, clock, abort } = watch(() => null)
    await clock.advance(200_000)
    expect(drift.report()).toBeUndefined()
    abort.abort()
  })
})

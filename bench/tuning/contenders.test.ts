import { describe, expect, it } from 'vitest'
import { aNode } from '../../test/support/snapshot-builder.ts'
import { CONTENDERS, contendersFor, parseVariation, varied } from './contenders.ts'
import { sharedBuffersOf } from './data-size.ts'
import type { Settings } from './machine.ts'

const GIB = 1024 ** 3

describe('the contenders', () => {
  it('are tuned for the same host, and the defaults for none', () => {
    const node = aNode({ name: 'node-1', memoryBytes: 4 * GIB, threads: 2, diskKind: 'ssd', fsyncMicros: 500 })
    const contenders = contendersFor({ node, postgresVersion: 17, only: CONTENDERS, vary: [] })
    expect(contenders.map(({ name }) => name)).toEqual(['defaults', 'pgtune', 'pigsty', 'drover', 'drover-unobserved'])
    const [defaults = 0, ...tuned] = contenders.map(({ settings }) => sharedBuffersOf(settings))
    for (const sharedBuffers of tuned) {
      expect(sharedBuffers).toBeGreaterThan(defaults)
      expect(sharedBuffers).toBeLessThan(2 * GIB)
    }
  })

  it('are all observed by the libraries that Drover loads, and one Drover by none', () => {
    const contenders = contendersFor({
      node: aNode({ name: 'node-1' }),
      postgresVersion: 17,
      only: CONTENDERS,
      vary: [],
    })
    const libraries = contenders.map(({ name, settings }) => [name, observing(settings)])
    const ours = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '10000' }
    expect(Object.fromEntries(libraries)).toMatchObject({
      defaults: ours,
      pgtune: ours,
      pigsty: ours,
      drover: ours,
      'drover-unobserved': {},
    })
    const keys = libraries.map(([, settings]) => Object.keys(settings ?? {}).length)
    expect(new Set(keys.slice(0, -1)).size).toBe(1)
    expect(keys.at(-1)).toBe(0)
  })

  it('have Drover once more for each variation', () => {
    const node = aNode({ name: 'node-1' })
    const vary = [{ setting: 'wal_compression', value: 'zstd' }, { setting: 'shared_buffers' }]
    const [compressed, small] = contendersFor({ node, postgresVersion: 17, only: [], vary })
    expect(compressed).toMatchObject({ name: 'wal_compression=zstd', settings: { wal_compression: 'zstd' } })
    expect(small?.name).toBe('shared_buffers=')
    expect(small?.settings).not.toHaveProperty('shared_buffers')
  })
})

function observing(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => /^(shared_preload|pg_stat_statements|auto_explain)/.test(name)),
  )
}

describe('a variation', () => {
  it('is a setting and its value, or none for the default', () => {
    expect(parseVariation('work_mem=4MB')).toEqual({ setting: 'work_mem', value: '4MB' })
    expect(parseVariation('pg_stat_statements.max=')).toEqual({ setting: 'pg_stat_statements.max' })
    expect(parseVariation('work_mem')).toBeUndefined()
  })

  it('changes nothing else', () => {
    const settings = { jit: 'off', work_mem: '4MB' }
    expect(varied(settings, { setting: 'jit' })).toEqual({ work_mem: '4MB' })
    expect(varied(settings, { setting: 'jit', value: 'on' })).toEqual({ work_mem: '4MB', jit: 'on' })
  })
})

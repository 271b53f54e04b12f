import { describe, expect, it } from 'vitest'
import type { ServerSetting } from '../../../shared/domain/server-settings.ts'
import { compareSettings } from './compare-settings.ts'
import { sameValue } from './same-value.ts'

const WORK_MEM = { name: 'work_mem', type: 'integer', unit: 'kB' }

function seen(wanted: Readonly<Record<string, string>>, ...settings: readonly Partial<ServerSetting>[]) {
  return {
    startedAt: 1,
    inRecovery: false,
    wanted,
    settings: settings.map(each => ({
      pending: false,
      ...(each.name === undefined ? WORK_MEM : {}),
      name: 'work_mem',
      ...each,
    })),
  }
}

function told(...given: Parameters<typeof seen>) {
  const { pending, differences } = compareSettings('pg-main-1', seen(...given))
  return [
    ...pending.map(({ name, from, to }) => `${name}: ${from} → ${to}`),
    ...differences.map(({ name, detail }) => `${name}: ${detail}`),
  ]
}

const CONNECTIONS = { name: 'max_connections', type: 'integer' }

describe('what Patroni, the file and the server say', () => {
  it('agrees in any unit', () => {
    expect(told({ work_mem: '8MB' }, { file: '8192', running: '8192' })).toEqual([])
    expect(told({ work_mem: '8MB' }, { file: '8MB', running: '8192' })).toEqual([])
  })

  it('differs where Patroni has left a value out, or the server has not read it', () => {
    expect(told({ work_mem: '8MB' }, { running: '4096' })).toEqual(['work_mem: Patroni says 8MB, its file nothing'])
    expect(told({ work_mem: '8MB' }, { file: '4MB', running: '4096' })).toEqual([
      'work_mem: Patroni says 8MB, its file 4MB',
    ])
    expect(told({}, { file: '8MB', running: '4096', shown: '4MB' })).toEqual([
      'work_mem: the file says 8MB, the server runs with 4MB',
    ])
  })

  it('names what the server cannot take', () => {
    const report = compareSettings('pg-main-1', seen({}, { file: 'tall', running: '4096', refused: 'no' }))
    expect(report.differences).toEqual([
      {
        instance: 'pg-main-1',
        name: 'work_mem',
        detail: "'tall': no",
        expected: 'a value it can take',
        found: 'tall',
        refused: true,
      },
    ])
  })

  it('keeps apart what only waits for a restart', () => {
    const waiting = { ...CONNECTIONS, file: '200', running: '100', shown: '100', pending: true }
    expect(told({ max_connections: '200' }, waiting)).toEqual(['max_connections: 100 → 200'])
  })

  it('counts a standby as waiting that was started with as much as its primary still has', () => {
    const standby = { ...CONNECTIONS, file: '200', running: '200', shown: '200' }
    expect(told({ max_connections: '100' }, standby)).toEqual(['max_connections: 200 → 100'])
  })

  it('may be otherwise on one member, and for what PostgreSQL chooses itself', () => {
    const report = compareSettings('pg-main-1', seen({ work_mem: '8MB' }, { file: '4MB', running: '4096' }), [
      'work_mem',
    ])
    expect(report).toEqual({ pending: [], differences: [] })
    expect(told({}, { name: 'wal_buffers', type: 'integer', unit: '8kB', file: '-1', running: '2048' })).toEqual([])
  })

  it('says when the server has no such setting; an extension may bring its own later', () => {
    expect(told({ wrok_mem: '1' }, { name: 'wrok_mem' })).toEqual(['wrok_mem: the server knows no such setting'])
    expect(told({ 'x.y': '1' }, { name: 'x.y', file: '1' })).toEqual([])
  })
})

describe('one value in two spellings', () => {
  it.each([
    ['1GB', '1048576', 'integer', 'kB', true],
    ['1GB', '131072', 'integer', '8kB', true],
    ['1min', '60', 'integer', 's', true],
    ['0.5', '.5', 'real', '', true],
    ['on', 'true', 'bool', '', true],
    ['on', 'off', 'bool', '', false],
    ['Replica', 'replica', 'enum', '', true],
    ['a, b', 'a,b', 'string', '', true],
    ['A', 'a', 'string', '', false],
    ['1GB', '1MB', 'integer', 'kB', false],
    ['one', '1', 'integer', 'kB', false],
  ])('%s and %s as %s of %s: %s', (left, right, type, unit, same) => {
    expect(sameValue(left, right, { type, unit })).toBe(same)
  })
})

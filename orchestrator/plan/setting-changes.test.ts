import { describe, expect, it } from 'vitest'
import { settingChanges } from './setting-changes.ts'

describe('the settings of a running cluster', () => {
  it('change for all members, and say which changes wait for a restart', () => {
    const changes = changesFrom({ work_mem: '4MB', shared_buffers: '1GB' }, { work_mem: '8MB', shared_buffers: '2GB' })
    expect(changes).toEqual([
      { name: 'shared_buffers', from: '1GB', to: '2GB', restart: true },
      { name: 'work_mem', from: '4MB', to: '8MB', restart: false },
    ])
  })

  it('go back to the server’s default when nothing is set any more', () => {
    expect(changesFrom({ jit: 'off' }, {})).toEqual([{ name: 'jit', from: 'off', to: undefined, restart: false }])
  })

  it('change for one member alone when its own are others', () => {
    const changes = settingChanges({
      before: { shared: { work_mem: '4MB' }, byInstance: { 'pg-2': { work_mem: '6MB' } } },
      wanted: { shared: { work_mem: '4MB' }, byInstance: { 'pg-1': { work_mem: '9MB' } } },
      instances: ['pg-1', 'pg-2'],
      major: 17,
    })
    expect(changes.map(({ instance, from, to }) => `${instance}: ${from} → ${to}`)).toEqual([
      'pg-1: 4MB → 9MB',
      'pg-2: 6MB → 4MB',
    ])
  })

  it('leave out what a component is only explained with for the first time', () => {
    expect(changesFrom({}, { 'patroni.ttl': '30' })).toEqual([])
    expect(changesFrom({ 'patroni.ttl': '20' }, { 'patroni.ttl': '30' })).toHaveLength(1)
  })
})

function changesFrom(before: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>) {
  return settingChanges({
    before: { shared: before, byInstance: {} },
    wanted: { shared: wanted, byInstance: {} },
    instances: [],
    major: 17,
  })
}

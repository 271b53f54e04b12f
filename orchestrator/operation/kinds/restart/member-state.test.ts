import { describe, expect, it } from 'vitest'
import type { ServerSetting } from '../../../../shared/domain/server-settings.ts'
import { pendingText, stateOf } from './member-state.ts'

function state(wanted: Readonly<Record<string, string>>, ...settings: readonly ServerSetting[]) {
  return stateOf('pg-main-1', { startedAt: 7, inRecovery: false, wanted, settings }, [])
}

const CONNECTIONS: ServerSetting = {
  name: 'max_connections',
  running: '100',
  shown: '100',
  type: 'integer',
  file: '200',
  pending: true,
}

describe('the state of a member before its restart', () => {
  it('has what it runs with beside what is wanted, and names what waits', () => {
    const level: ServerSetting = {
      name: 'wal_level',
      running: 'replica',
      type: 'enum',
      file: 'replica',
      pending: false,
    }
    const seen = state({ max_connections: '200', wal_level: 'logical' }, CONNECTIONS, level)
    expect(seen).toMatchObject({
      startedAt: 7,
      running: { max_connections: 100, wal_level: 1 },
      wanted: { max_connections: 200, wal_level: 2 },
    })
    expect(pendingText(seen.pending)).toBe('max_connections 100 → 200')
  })

  it('wants what runs where nobody says otherwise', () => {
    const seen = state({}, { ...CONNECTIONS, pending: false, file: '100' })
    expect(seen.wanted).toEqual(seen.running)
    expect(pendingText(seen.pending)).toBe('nothing waits for a restart')
  })
})

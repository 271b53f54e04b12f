import { describe, expect, it } from 'vitest'
import { notesBetween, type ReleaseNote, unreadBetween } from './release-notes.ts'

const fed: ReleaseNote = {
  version: '17.11',
  action: 'update-extension',
  what: 'ALTER EXTENSION ours UPDATE',
  extension: 'ours',
  source: 'https://wiki.example/ours',
}

describe('what releases ask people to do', () => {
  const told = (from: string, to: string): readonly string[] =>
    notesBetween({ from, to }, [fed]).map(({ version, action }) => `${version} ${action}`)

  it('is that of every release on the way, the first one not included', () => {
    expect([...new Set(told('17.4', '17.11'))]).toEqual([
      '17.5 repair',
      '17.5 reindex',
      '17.6 reindex',
      '17.11 configure',
      '17.11 review',
      '17.11 reindex',
      '17.11 update-extension',
    ])
    expect(told('17.11', '17.12')).not.toContainEqual(expect.stringMatching('17.11'))
    expect(told('17.11', '17.12')).toContain('17.12 backup')
    expect(told('18.0', '18.4')).toEqual(['18.2 reindex'])
    expect(told('16.2', '16.9')).toEqual(['16.3 repair', '16.5 repair', '16.9 repair', '16.9 reindex'])
  })

  it('is not known of a release that came later, or of another major version, until somebody tells', () => {
    expect(unreadBetween({ from: '17.4', to: '17.12' }, [])).toEqual([])
    expect(unreadBetween({ from: '17.11', to: '17.14' }, [])).toEqual(['17.13', '17.14'])
    expect(unreadBetween({ from: '18.0', to: '18.8' }, [{ ...fed, version: '18.7' }])).toEqual(['18.8'])
    expect(unreadBetween({ from: '16.4', to: '16.13' }, [])).toEqual(['16.10', '16.13'])
    expect(unreadBetween({ from: '14.20', to: '14.21' }, [])).toEqual(['14.21'])
    expect(unreadBetween({ from: '17.14', to: '17.12' }, [])).toEqual([])
    expect(unreadBetween({ from: '17.12', to: '18.1' }, [])).toEqual([])
  })

  it('is nothing on the way back, and nothing of another major version', () => {
    expect(told('17.12', '17.11')).toEqual([])
    expect(told('15.20', '17.12')).toEqual([])
    expect(told('15.18', '15.20').every(each => each.startsWith('15.'))).toBe(true)
  })
})

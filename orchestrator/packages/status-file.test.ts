import { describe, expect, it } from 'vitest'
import { parseDeb822 } from './deb822.ts'
import { commonPackages, renderStatusFile } from './status-file.ts'

const RECORDS = parseDeb822(`Package: mawk
Version: 1.3
Multi-Arch: foreign
Provides: awk
Depends: libc6 (>= 2), libgone (>= 1) | libother
Breaks: old-thing

Package: libc6
Version: 2.41
Essential: yes
Depends: libgcc-s1
`)

function installed(name: string, version: string) {
  return { name, version, architecture: 'amd64' }
}

function stanzas(text: string) {
  return new Map(parseDeb822(text).map(paragraph => [paragraph.get('package'), paragraph]))
}

describe('renderStatusFile', () => {
  it('gives apt what the record of the very version says, but no dependency that the set does not answer', () => {
    const status = stanzas(renderStatusFile([installed('mawk', '1.3'), installed('libc6', '2.41')], RECORDS))
    const mawk = status.get('mawk')
    expect(mawk?.get('status')).toBe('install ok installed')
    expect(mawk?.get('provides')).toBe('awk')
    expect(mawk?.get('depends')).toBe('libc6 (>= 2)')
    expect(mawk?.get('breaks')).toBe('old-thing')
    expect(status.get('libc6')?.get('essential')).toBe('yes')
    expect(status.get('libc6')?.has('depends')).toBe(false)
  })

  it('takes only what lasts from the record of another version', () => {
    const status = stanzas(renderStatusFile([installed('mawk', '1.2'), installed('libc6', '2.41')], RECORDS))
    expect(status.get('mawk')?.get('provides')).toBe('awk')
    expect(status.get('mawk')?.get('version')).toBe('1.2')
    expect(status.get('mawk')?.has('depends')).toBe(false)
  })

  it('accepts a package that no list knows', () => {
    expect(
      stanzas(renderStatusFile([installed('homemade', '1')], []))
        .get('homemade')
        ?.get('version'),
    ).toBe('1')
  })
})

describe('commonPackages', () => {
  it('is what all hosts have in the same version', () => {
    const first = [installed('a', '1'), installed('b', '1'), installed('c', '1')]
    const second = [installed('a', '1'), installed('b', '2')]
    expect(commonPackages([first, second])).toEqual([installed('a', '1')])
    expect(commonPackages([first])).toEqual(first)
    expect(commonPackages([])).toEqual([])
  })
})

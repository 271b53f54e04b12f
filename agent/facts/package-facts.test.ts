import { describe, expect, it } from 'vitest'
import { packageFacts } from './package-facts.ts'

describe('the status file of dpkg', () => {
  it('gives installed packages only, sorted, each architecture for itself', () => {
    const text = [
      'Package: zlib1g\nStatus: install ok installed\nArchitecture: i386\nVersion: 1:1.3',
      'Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.3',
      'Package: held\nStatus: hold ok installed\nArchitecture: all\nVersion: 2',
      'Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1',
      'Package: broken\nStatus: install ok half-installed\nArchitecture: all\nVersion: 1',
    ].join('\n\n')
    expect(packageFacts(`${text}\n`)).toEqual([
      { name: 'held', version: '2', architecture: 'all' },
      { name: 'zlib1g', version: '1:1.3', architecture: 'amd64' },
      { name: 'zlib1g', version: '1:1.3', architecture: 'i386' },
    ])
  })

  it('takes no field from a folded description or a list of files', () => {
    const text = [
      'Package: a',
      'Status: install ok installed',
      'Architecture: all',
      'Version: 1.0',
      'Conffiles:',
      ' /etc/a 0123',
      'Description: short',
      ' Version: 9',
      ' Package: b',
    ].join('\n')
    expect(packageFacts(text)).toEqual([{ name: 'a', version: '1.0', architecture: 'all' }])
  })

  it('is empty for an empty file', () => {
    expect(packageFacts('')).toEqual([])
  })
})

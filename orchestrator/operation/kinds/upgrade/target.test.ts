import { describe, expect, it } from 'vitest'
import { choosePackages, runtimeIdOf, serverPackages } from './target.ts'

const offers = {
  'postgresql-17': ['17.12-0+deb13u1', '17.11-0+deb13u1'],
  'postgresql-client-17': ['17.12-0+deb13u1', '17.11-0+deb13u1'],
  'postgresql-17-pgvector': ['0.8.1-1', '0.8.0-1'],
}
const names = Object.keys(offers)

describe('the packages of a version', () => {
  it('are the newest, or those of the version that is asked for', () => {
    expect(choosePackages({ major: 17, names, offers })).toEqual({
      serverVersion: '17.12',
      packages: [
        { name: 'postgresql-17', version: '17.12-0+deb13u1' },
        { name: 'postgresql-17-pgvector', version: '0.8.1-1' },
        { name: 'postgresql-client-17', version: '17.12-0+deb13u1' },
      ],
    })
    const older = choosePackages({ major: 17, names, offers, to: '17.11' })
    expect(older.packages.map(({ version }) => version)).toEqual(['17.11-0+deb13u1', '0.8.1-1', '17.11-0+deb13u1'])
    expect(choosePackages({ major: 17, names, offers, to: '17.11-0+deb13u1' })).toEqual(older)
  })

  it('are missing with what there is instead', () => {
    expect(() => choosePackages({ major: 17, names, offers, to: '17.9' })).toThrow(
      'no package source has postgresql-17 17.9; on offer: 17.12, 17.11',
    )
    expect(() => choosePackages({ major: 17, names: [...names, 'postgresql-17-cron'], offers })).toThrow(
      'no package source has postgresql-17-cron',
    )
  })

  it('come with what they depend on below the folders of the server, and with nothing else', () => {
    const packages = [{ name: 'postgresql-17-postgis-3', version: '3.5.2' }]
    const dependencies = [
      { name: 'postgresql-17-postgis-3', version: '3.5.2' },
      { name: 'postgresql-17-postgis-3-scripts', version: '3.5.2' },
      { name: 'libgdal36', version: '3.10' },
      { name: 'postgresql-17', version: '17.12' },
    ]
    expect(serverPackages(packages, dependencies, 17).map(({ name }) => name)).toEqual([
      'postgresql-17',
      'postgresql-17-postgis-3',
      'postgresql-17-postgis-3-scripts',
    ])
  })

  it('name their runtime, the same for the same packages only', () => {
    const set = choosePackages({ major: 17, names, offers })
    expect(runtimeIdOf(set)).toMatch(/^17\.12-[0-9a-f]{8}$/)
    expect(runtimeIdOf(choosePackages({ major: 17, names: names.toReversed(), offers }))).toBe(runtimeIdOf(set))
    expect(runtimeIdOf(choosePackages({ major: 17, names: names.slice(0, 2), offers }))).not.toBe(runtimeIdOf(set))
  })
})

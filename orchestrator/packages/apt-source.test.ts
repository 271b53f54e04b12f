import { describe, expect, it } from 'vitest'
import { parseListFile, parseSourcesFile, renderSources } from './apt-source.ts'

describe('parseSourcesFile', () => {
  it('reads entries, whatever comments stand between their fields', () => {
    const text =
      'Types: deb deb-src\n# a remark\nURIs: http://m.test/debian\nSuites: bookworm bookworm-updates\nComponents: main contrib\nSigned-By: /k.gpg\n'
    expect(parseSourcesFile(text)).toEqual([
      {
        uris: ['http://m.test/debian'],
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main', 'contrib'],
        signedBy: '/k.gpg',
      },
    ])
  })

  it('leaves out disabled entries and source code', () => {
    expect(
      parseSourcesFile(
        'Types: deb\nEnabled: no\nURIs: http://m.test\nSuites: sid\n\nTypes: deb-src\nURIs: http://m.test\nSuites: sid\n',
      ),
    ).toEqual([])
  })

  it('reads back an inline key as it was rendered', () => {
    const signedBy = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc=\n-----END PGP PUBLIC KEY BLOCK-----'
    const source = { uris: ['http://m.test'], suites: ['drover'], components: ['main'], signedBy }
    const text = renderSources([source])
    expect(text).toContain('BLOCK-----\n .\n abc=')
    expect(parseSourcesFile(text)).toEqual([source])
  })
})

describe('parseListFile', () => {
  it('reads one-line entries with and without options', () => {
    const text =
      '# deb http://no.test x main\ndeb http://m.test/debian bookworm main # note\ndeb [arch=amd64 signed-by=/k.gpg trusted=yes] http://m.test/sec bookworm-security main non-free\ndeb-src http://m.test/debian bookworm main\n'
    expect(parseListFile(text)).toEqual([
      { uris: ['http://m.test/debian'], suites: ['bookworm'], components: ['main'] },
      {
        uris: ['http://m.test/sec'],
        suites: ['bookworm-security'],
        components: ['main', 'non-free'],
        signedBy: '/k.gpg',
        options: { Trusted: 'yes' },
      },
    ])
  })
})

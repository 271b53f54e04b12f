import { describe, expect, it } from 'vitest'
import { deriveSources, networkOptions } from './machine-sources.ts'

const MAIN = {
  uris: ['http://m.test/debian'],
  suites: ['bookworm', 'bookworm-updates'],
  components: ['main', 'contrib'],
  signedBy: '/k.gpg',
}
const SECURITY = { uris: ['http://m.test/security'], suites: ['bookworm-security'], components: ['main'] }

describe('deriveSources', () => {
  it('takes the mirrors of this machine for the suites of every host OS', () => {
    expect(deriveSources([MAIN, SECURITY])).toEqual({
      debian13: [
        { ...MAIN, suites: ['trixie', 'trixie-updates'], components: ['main'] },
        { ...SECURITY, suites: ['trixie-security'], signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg' },
      ],
      debian12: [
        { ...MAIN, components: ['main'] },
        { ...SECURITY, signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg' },
      ],
    })
  })

  it('passes over sources of other software', () => {
    const vendor = { uris: ['http://v.test'], suites: ['nodistro'], components: ['main'], signedBy: '/v.gpg' }
    expect(deriveSources([vendor, MAIN])).toEqual(deriveSources([MAIN]))
  })

  it('says so when the machine names no Debian mirror', () => {
    expect(() => deriveSources([SECURITY])).toThrow(/names no Debian mirror/)
  })
})

describe('networkOptions', () => {
  it('keeps what reaching mirrors may depend on, and no hook', () => {
    const dump =
      'Acquire::http::Proxy "http://p.test:3128";\nAcquire::Check-Valid-Until "false";\nDPkg::Post-Invoke:: "rm -f x";\nAcquire::Languages "none";\n'
    expect(networkOptions(dump).slice(0, 2)).toEqual([
      'Acquire::http::Proxy "http://p.test:3128";',
      'Acquire::Check-Valid-Until "false";',
    ])
    expect(networkOptions(dump).join()).not.toMatch(/Post-Invoke|Languages/)
  })
})

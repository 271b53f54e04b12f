import { describe, expect, it } from 'vitest'
import { aptComplaint, parseDownloadPercent, parseMadison, parsePrintedUris } from './apt-output.ts'

const SHA = 'a'.repeat(64)

describe('parsePrintedUris', () => {
  it('takes name, version with epoch, and hash; other lines are talk', () => {
    const text = `Reading package lists...\n'http://m.test/pool/p/passwd_4.17_amd64.deb' passwd_1%3a4.17_amd64.deb 1228860 SHA256:${SHA}\n`
    expect(parsePrintedUris(text)).toEqual([
      {
        uri: 'http://m.test/pool/p/passwd_4.17_amd64.deb',
        archiveName: 'passwd_1%3a4.17_amd64.deb',
        name: 'passwd',
        version: '1:4.17',
        architecture: 'amd64',
        sizeBytes: 1228860,
        sha256: SHA,
      },
    ])
  })
})

describe('parseMadison', () => {
  it('lists each version once, best first, and no source package', () => {
    const text =
      ' libpq5 | 17.12-0 | http://m.test s/main amd64 Packages\n libpq5 | 17.12-0 | http://m.test u/main amd64 Packages\n libpq5 | 17.11-0 | http://m.test t/main amd64 Packages\n libpq5 | 17.9 | http://m.test t/main Sources\n'
    expect(parseMadison(text)).toEqual(new Map([['libpq5', ['17.12-0', '17.11-0']]]))
  })
})

describe('parseDownloadPercent', () => {
  it('reads download lines only', () => {
    expect(parseDownloadPercent('dlstatus:3:19.7690:Retrieving file 3 of 3')).toBe(19.769)
    expect(parseDownloadPercent('pmstatus:x:50:Unpacking')).toBeUndefined()
  })
})

describe('aptComplaint', () => {
  it('tells the errors without mirrors, addresses and credentials', () => {
    const stderr =
      "W: old\nE: Failed to fetch http://u:pw@m.test/debian/x.deb  Could not connect to m.test:80 (192.0.2.7). - connect\nE: Could not resolve 'm.test'\n"
    const told = aptComplaint(stderr)
    expect(told).toContain('Failed to fetch')
    expect(told).not.toMatch(/m\.test|192\.0\.2|pw|old/)
  })
})

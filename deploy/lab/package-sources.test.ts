import { describe, expect, it } from 'vitest'
import { debianSources, mainArchive, sourcesList } from './package-sources.ts'

const answer = `Debian|Debian|bookworm|main|http://mirror.example/debian/
Debian|Debian|bookworm-updates|main|http://mirror.example/debian/
Debian|Debian-Security|bookworm-security|main|http://mirror.example/debian-security/
Debian|Debian|bookworm|contrib|http://mirror.example/debian/
Acme|Acme stable|bookworm|main|https://packages.acme.example/
|||main|http://never-fetched.example/
`

describe('finding where this machine gets Debian from', () => {
  const sources = debianSources(answer)

  it('bootstraps from the main archive, not from security or a third party', () => {
    expect(mainArchive(sources)).toBe('http://mirror.example/debian')
  })

  it('gives another release the same pockets from the same mirrors', () => {
    expect(sourcesList(sources, 'debian13')).toBe(
      `deb http://mirror.example/debian trixie main
deb http://mirror.example/debian trixie-updates main
deb http://mirror.example/debian-security trixie-security main
`,
    )
  })

  it('finds nothing where apt has never fetched an index', () => {
    expect(mainArchive(debianSources('|||main|http://mirror.example/debian/\n'))).toBeUndefined()
  })

  it('leaves out transports that debootstrap does not speak', () => {
    expect(debianSources('Debian|Debian|bookworm|main|cdrom://disc/\n')).toEqual([])
  })
})

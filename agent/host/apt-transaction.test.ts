import { describe, expect, it } from 'vitest'
import { parseTransaction, refusedRemoval } from './apt-transaction.ts'

const SIMULATED = `Reading package lists...
The following packages will be REMOVED:
  curl
2 upgraded, 2 newly installed, 1 to remove and 8 not upgraded.
Remv curl [8.14.1-2+deb13u5]
Inst zlib1g [1:1.3+really1.3.1-1+b1] (1:1.3+really1.3.1-1+deb13u1 Debian:13 [amd64]) []
Conf zlib1g (1:1.3+really1.3.1-1+deb13u1 Debian:13 [amd64])
Inst libcurl3t64-gnutls (8.14.1-2+deb13u7 Debian:13 [amd64])
Inst libcurl4t64 [8.14.1-2+deb13u5] (8.14.1-2+deb13u7 Debian:13 [amd64]) [libcurl4t64:amd64 ]
`

describe('what apt would do', () => {
  it('has packages that would go, and those that would get another version; new ones are no matter', () => {
    expect(parseTransaction(SIMULATED)).toEqual({
      removed: [{ name: 'curl', version: '8.14.1-2+deb13u5' }],
      changed: [
        { name: 'zlib1g', from: '1:1.3+really1.3.1-1+b1', to: '1:1.3+really1.3.1-1+deb13u1' },
        { name: 'libcurl4t64', from: '8.14.1-2+deb13u5', to: '8.14.1-2+deb13u7' },
      ],
    })
  })

  it('is refused with the names of what would go, and why', () => {
    const error = refusedRemoval(parseTransaction(SIMULATED))
    expect(error).toMatchObject({ code: 'conflict', retryable: false })
    expect(error.message).toContain('apt would have to remove curl 8.14.1-2+deb13u5 from this host')
    expect(error.message).toContain('libcurl4t64 8.14.1-2+deb13u5 to 8.14.1-2+deb13u7')
  })
})

import { describe, expect, it } from 'vitest'
import { explainAptFailure } from './apt-failure.ts'
import { parseDpkgStatus } from './dpkg-status.ts'
import { parseShow } from './systemd.ts'

describe('what other programs say', () => {
  const install = ['apt-get', '-q', 'install', 'app=1']
  it.each([
    ['E: Unable to locate package app', 'not-found'],
    ["E: Version '1' for 'app' was not found", 'not-found'],
    ['E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 9 (apt)', 'locked'],
    ['dpkg: error processing archive: cannot copy: No space left on device', 'exhausted'],
    ['E: Failed to fetch http://10.0.0.1:7443/app.deb  Could not connect to 10.0.0.1:7443', 'unavailable'],
    ["E: The repository 'http://10.0.0.1 drover Release' is not signed.", 'denied'],
    [' app : Depends: lib (>= 2) but it is not installable', 'conflict'],
    ['E: Sub-process /usr/bin/dpkg returned an error code (1)', 'failed'],
  ])('apt: %s → %s', (line, code) => {
    const error = explainAptFailure(install, `Reading package lists...\n${line}\n`)
    expect(error.code).toBe(code)
    expect(error.message).toContain(line.trim().replace(/^E: /, ''))
  })

  it('dpkg: only what is installed completely counts as installed', () => {
    const status = parseDpkgStatus(
      `Package: whole
Status: install ok installed
Version: 1:2.0-3

Package: half
Status: install ok half-configured
Version: 4

Package: gone
Status: deinstall ok config-files
Version: 5
`,
    )
    expect([...status.installed]).toEqual([['whole', '1:2.0-3']])
    expect(status.unfinished).toEqual(['half'])
  })

  it('systemctl show: one block a unit, in the order asked', () => {
    const text = `Job=0
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
NeedDaemonReload=yes
NRestarts=2
MainPID=77

LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=
`
    const states = parseShow(text, ['a.service', 'b.service'])
    expect(states.get('a.service')).toMatchObject({ active: 'active', stale: true, restarts: 2, jobPending: false })
    expect(states.get('b.service')).toMatchObject({ load: 'not-found', enablement: '' })
  })
})

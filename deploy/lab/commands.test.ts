import { describe, expect, it } from 'vitest'
import { bootCommand } from './boot-command.ts'
import { enterHostCommand, enterNamespaceCommand } from './enter-command.ts'
import { checkLabName, defaultRoots, labPaths } from './lab-paths.ts'
import { logsCommand, offlineLogsCommand } from './logs-command.ts'
import type { HostRecord } from './model.ts'
import { bridgePort } from './partition-rules.ts'

const paths = labPaths('ci', defaultRoots)
const host: HostRecord = {
  name: 'node-1',
  number: 1,
  address: '10.10.10.11',
  os: 'debian13',
  lower: ['/cache/agent', '/cache/base'],
}

describe('the command that boots a host', () => {
  const argv = bootCommand({
    host,
    paths: paths.host('node-1'),
    namespace: paths.namespace,
    cgroup: '/cg/node-1',
    credentials: ['drover.join'],
  })

  it('enters the network of its lab before anything else', () => {
    expect(argv.slice(0, 3)).toEqual(['nsenter', '--net=/run/netns/drover-ci', '--'])
  })

  it('puts layers over the base image, topmost first', () => {
    expect(argv.find(arg => arg.startsWith('lowerdir='))).toMatch(/^lowerdir=\/cache\/agent:\/cache\/base,upperdir=/)
  })

  it('hands credentials over as files, never as arguments', () => {
    expect(argv).toContain('--load-credential=drover.join:/var/lib/drover-lab/ci/hosts/node-1/credentials/drover.join')
    expect(argv.some(arg => arg.startsWith('--set-credential'))).toBe(false)
  })

  it('keeps away from a machine manager that may not be there', () => {
    expect(argv).toEqual(expect.arrayContaining(['--register=no', '--keep-unit']))
  })
})

describe('entering', () => {
  it('a host takes along nothing of the caller but the terminal', () => {
    const argv = enterHostCommand({ leader: { pid: 42, cgroup: '/cg' }, argv: ['id', '-u'], terminal: 'xterm' })
    const environment = argv.slice(argv.indexOf('env'))
    expect(environment.slice(0, 2)).toEqual(['env', '-i'])
    expect(environment.slice(-3)).toEqual(['TERM=xterm', 'id', '-u'])
    expect(argv).toContain('--target=42')
  })

  it('the network of a lab leaves the rest of this machine in place', () => {
    const argv = enterNamespaceCommand({ namespace: 'drover-ci', cgroup: '/cg/outside', argv: ['psql'] })
    expect(argv.slice(-4)).toEqual(['nsenter', '--net=/run/netns/drover-ci', '--', 'psql'])
  })
})

describe('the logs of a host', () => {
  it('can be narrowed to a unit and to the newest lines', () => {
    expect(logsCommand({ unit: 'patroni', lines: 5 })).toEqual(expect.arrayContaining(['--unit=patroni', '--lines=5']))
  })

  it('come from its disk when it is off, where there is nothing to follow', () => {
    const argv = offlineLogsCommand(paths.host('node-1'), { follow: true })
    expect(argv).toContain('--directory=/var/lib/drover-lab/ci/hosts/node-1/upper/var/log/journal')
    expect(argv).not.toContain('--follow')
  })
})

describe('names', () => {
  it.each(['lab', 'ci-2', 'a'])('of labs: %s is good', name => expect(checkLabName(name)).toBeUndefined())
  it.each(['', 'Lab', '2nd', 'a/b', '..', 'trailing-', 'x'.repeat(32)])('of labs: %s is refused', name =>
    expect(checkLabName(name)).toMatchObject({ code: 'invalid-lab-name' }),
  )
  it('of links fit the kernel even for the largest lab', () => {
    expect(bridgePort('node-65523').length).toBeLessThan(16)
  })
})

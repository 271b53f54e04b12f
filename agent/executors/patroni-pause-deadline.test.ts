import { describe, expect, it } from 'vitest'
import type { Exec } from '../host/host.ts'
import { deadlineIn, deadlinePath } from '../host/pause-deadline-file.ts'
import { createPauseDeadline } from './patroni-pause-deadline.ts'

const target = {
  instance: 'pg-main-1',
  patroniUrl: 'https://127.0.0.1:8008',
  caPath: '/ca.pem',
  certPath: '/cert.pem',
  keyPath: '/key.pem',
}
const UNTIL = 1_800_000_000_500

describe('the timer that ends a pause of automatic failover', () => {
  it('is a file that survives a reboot, and runs once it is written', async () => {
    const { files, done, deadline } = host()
    await deadline({ ...target, until: UNTIL })
    const timer = files.get(deadlinePath('pg-main-1')) ?? ''
    expect(timer).toContain('OnCalendar=@1800000001\n')
    expect(timer).toContain('Persistent=true')
    expect(deadlineIn(timer)).toBe(UNTIL)
    expect(done).toEqual(['disable', 'daemon-reload', 'enable'])
  })

  it('asks the local Patroni with the certificate of the node, and takes itself away afterwards', async () => {
    const { files, deadline } = host()
    await deadline({ ...target, until: UNTIL })
    const service = files.get('/etc/systemd/system/drover-unpause-pg-main-1.service')
    expect(service).toContain('drover-unpause.py https://127.0.0.1:8008 /ca.pem /cert.pem /key.pem\n')
    expect(service).toContain('disable --now drover-unpause-pg-main-1.timer')
  })

  it('leaves nothing but its script when it is taken away', async () => {
    const { files, deadline } = host()
    await deadline({ ...target, until: UNTIL })
    await deadline({ ...target, until: null })
    expect([...files.keys()]).toEqual(['/usr/local/lib/drover-unpause.py'])
  })

  it('is not armed when systemd refuses', async () => {
    await expect(host(1).deadline({ ...target, until: UNTIL })).rejects.toThrow('cannot be armed: no bus')
  })

  it.each(['pg main', 'pg-main-1\nExecStart=/bin/sh', '%h'])('runs nothing that was sent: %j', async instance => {
    await expect(host().deadline({ ...target, instance, until: UNTIL })).rejects.toThrow('cannot stand in a unit')
    await expect(host().deadline({ ...target, caPath: instance, until: UNTIL })).rejects.toThrow('cannot stand')
  })
})

function host(enables = 0) {
  const files = new Map<string, string>()
  const done: string[] = []
  const exec: Exec = async ({ argv }) => {
    done.push(argv[2] ?? '')
    return { code: argv[2] === 'enable' ? enables : 0, stdout: '', stderr: 'no bus', truncated: false }
  }
  const executor = createPauseDeadline({
    exec,
    files: {
      writeAtomic: async ({ path, content }) => void files.set(path, String(content)),
      remove: async ({ path }) => files.delete(path),
    },
    systemd: { daemonReload: async () => void done.push('daemon-reload') },
  })
  const signal = new AbortController().signal
  const deadline = (args: Parameters<typeof executor>[0]['args']) =>
    executor({ args, signal, progress: () => undefined })
  return { files, done, deadline }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLab } from '../../deploy/lab/create-lab.ts'
import { buildLayer } from '../../deploy/lab/layer.ts'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { startLab, type TestLab } from '../support/lab.ts'

const name = 'lab-test'
const subnet = '10.10.21.0/24'

describe('a lab of two hosts', () => {
  let lab: TestLab
  let layerCache: string
  beforeAll(async () => {
    layerCache = await mkdtemp(join(tmpdir(), 'drover-lab-test-'))
    lab = await startLab({
      name,
      subnet,
      hosts: 2,
      files: host => ({ '/etc/drover-test/whoami': { content: `${host.name}\n`, mode: 0o600 } }),
      credentials: host => ({ 'drover.join': `token of ${host.name}` }),
    })
  })
  afterAll(async () => {
    await lab?.down()
    await rm(layerCache, { recursive: true, force: true })
  })

  async function reaches(from: string, to: string): Promise<boolean> {
    const ping = ['ping', '-c', '1', '-W', '1', lab.address(to)]
    return (await lab.exec(from, ping, { anyExit: true })).code === 0
  }

  async function establishedPeers(port: number): Promise<string> {
    return (await lab.inNamespace(['ss', '--tcp', '--no-header', 'state', 'established', 'sport', '=', `:${port}`]))
      .stdout
  }

  it('boots hosts whose systemd is content', async () => {
    expect(await lab.status()).toMatchObject([
      { name: 'node-1', address: '10.10.21.11', state: 'running', failedUnits: [] },
      { name: 'node-2', address: '10.10.21.12', state: 'running', failedUnits: [] },
    ])
  })

  it('gives each host its name, identity, files and credentials', async () => {
    expect((await lab.exec('node-2', ['cat', '/etc/hostname', '/etc/drover-test/whoami'])).stdout).toBe(
      'node-2\nnode-2\n',
    )
    expect((await lab.exec('node-1', ['stat', '-c', '%a', '/etc/drover-test/whoami'])).stdout).toBe('600\n')
    const credential = ['systemd-run', '--wait', '--pipe', '--quiet', '--property=LoadCredential=drover.join']
    const shown = await lab.exec('node-1', [...credential, 'sh', '-c', 'cat "$CREDENTIALS_DIRECTORY/drover.join"'])
    expect(shown.stdout).toBe('token of node-1')
    const identities = await Promise.all(['node-1', 'node-2'].map(host => lab.exec(host, ['cat', '/etc/machine-id'])))
    expect(new Set(identities.map(identity => identity.stdout)).size).toBe(2)
  })

  it('lets hosts reach each other and this machine, by name, and nothing else', async () => {
    expect(await reaches('node-1', 'node-2')).toBe(true)
    expect(await reaches('node-2', 'orchestrator')).toBe(true)
    expect((await lab.exec('node-1', ['getent', 'hosts', 'node-2'])).stdout).toContain('10.10.21.12')
    expect((await lab.exec('node-1', ['ip', 'route', 'show', 'default'])).stdout).toBe('')
    const outside = await lab.inNamespace(['ip', 'route', 'get', '192.0.2.1'], { anyExit: true })
    expect(outside.stderr).toContain('unreachable')
  })

  it('passes on exit codes, input and errors', async () => {
    expect(await lab.exec('node-1', ['sh', '-c', 'cat; exit 7'], { input: 'hello', anyExit: true })).toMatchObject({
      code: 7,
      stdout: 'hello',
    })
    await expect(lab.exec('node-1', ['false'])).rejects.toMatchObject({ code: 'failed' })
    await expect(lab.exec('node-9', ['true'])).rejects.toMatchObject({ code: 'not-found' })
  })

  it('lets services use systemd sandboxing', async () => {
    const sandbox = [
      'ProtectSystem=strict',
      'PrivateTmp=yes',
      'PrivateDevices=yes',
      'ProtectHome=yes',
      'SystemCallFilter=@system-service',
    ]
    const unit = ['systemd-run', '--wait', '--pipe', '--quiet', ...sandbox.map(option => `--property=${option}`)]
    expect(await lab.exec('node-1', [...unit, 'touch', '/usr/written'], { anyExit: true })).not.toMatchObject({
      code: 0,
    })
    expect(await lab.exec('node-1', [...unit, 'touch', '/tmp/written'])).toMatchObject({ code: 0 })
  })

  it('cuts a host off from everything until it is healed', async () => {
    await lab.partition({ side: ['node-1'] })
    expect([await reaches('node-1', 'node-2'), await reaches('node-1', 'orchestrator')]).toEqual([false, false])
    expect(await reaches('node-2', 'orchestrator')).toBe(true)
    await lab.heal()
    expect([await reaches('node-1', 'node-2'), await reaches('node-1', 'orchestrator')]).toEqual([true, true])
  })

  it('cuts a host off from this machine alone', async () => {
    await lab.partition({ side: ['node-1'], from: ['orchestrator'] })
    expect([await reaches('node-1', 'orchestrator'), await reaches('node-1', 'node-2')]).toEqual([false, true])
    await lab.heal(['node-1'])
    expect(await reaches('node-1', 'orchestrator')).toBe(true)
  })

  it('cuts nothing for an unknown host', async () => {
    await expect(lab.partition({ side: ['node-1', 'node-7'] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('node-7'),
    })
    expect((await lab.record()).cuts).toEqual([])
  })

  it('loses power at once, stays silent, and comes back with its disk and its cuts', async () => {
    const pid = (await lab.status())[0]?.pid
    await lab.exec('node-1', ['sh', '-c', 'echo kept > /var/lib/kept'])
    await lab.partition({ side: ['node-1'], from: ['node-2'] })
    await lab.powerOff(['node-1'])
    expect(await lab.status()).toMatchObject([{ state: 'off', pid: undefined }, { state: 'running' }])
    expect(await processExists(pid)).toBe(false)
    await expect(lab.exec('node-1', ['true'])).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('power-on'),
    })

    await lab.powerOn(['node-1'])
    expect((await lab.exec('node-1', ['cat', '/var/lib/kept'])).stdout).toBe('kept\n')
    expect(await reaches('node-1', 'node-2')).toBe(false)
    await lab.heal()
    expect(await reaches('node-1', 'node-2')).toBe(true)
  })

  it('sends no farewell to its connections when it loses power', async () => {
    const server = await serveInNamespace(lab, 7000)
    const client = `exec 3<>/dev/tcp/${lab.address('orchestrator')}/7000; sleep 600`
    await lab.exec('node-2', ['systemd-run', '--quiet', '--unit=client', 'bash', '-c', client])
    await server.connected
    expect(await establishedPeers(7000)).toContain(lab.address('node-2'))
    await lab.powerOff(['node-2'])
    // An answer that the host's kernel sent while it died would end the connection here.
    expect(await establishedPeers(7000)).toContain(lab.address('node-2'))
    server.stop()
    await lab.powerOn(['node-2'])
  })

  it('reboots from inside and gets its network back', async () => {
    const before = await lab.exec('node-2', ['cat', '/proc/sys/kernel/random/boot_id'])
    expect(await lab.reboot(['node-2'])).toMatchObject([{ state: 'running' }])
    expect((await lab.exec('node-2', ['cat', '/proc/sys/kernel/random/boot_id'])).stdout).not.toBe(before.stdout)
    expect(await reaches('node-2', 'node-1')).toBe(true)
  })

  it('adds hosts later, of another release and with a layer', async () => {
    const { hosts } = await lab.record()
    const image = hosts[0]?.lower.at(-1) ?? ''
    const populate = (root: string): Promise<void> => writeFile(join(root, 'usr/local/from-layer'), 'layered\n')
    const layer = await buildLayer(
      { lower: [image], name: 'lab-test', hash: '1', populate },
      { ...lab.context, cacheDir: layerCache },
    )
    expect(await lab.addHosts({ count: 1, os: 'debian13', layers: [layer] })).toMatchObject([
      { name: 'node-3', state: 'running' },
    ])
    expect((await lab.exec('node-3', ['cat', '/usr/local/from-layer'])).stdout).toBe('layered\n')
    expect(await lab.addHosts({ count: 1, os: 'debian12' })).toMatchObject([
      { name: 'node-4', os: 'debian12', state: 'running' },
    ])
    expect((await lab.exec('node-4', ['cat', '/etc/debian_version'])).stdout).toMatch(/^12\./)
    expect(await reaches('node-4', 'node-3')).toBe(true)
  })

  it('refuses to run over a lab that is up', async () => {
    await expect(createLab({ name, subnet }, lab.context)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('starts clean after an unclean end', async () => {
    await writeFile(`${await groupOf(lab)}/cgroup.kill`, '1')
    const isOff = async (): Promise<boolean> => (await lab.status()).every(host => host.state === 'off')
    await waitUntil({ what: 'every host to die', timeoutMs: 60_000, check: isOff })
    const fresh = await createLab({ name, subnet }, lab.context)
    expect(await fresh.addHosts({ count: 1, os: 'debian13' })).toMatchObject([{ name: 'node-1', state: 'running' }])
    expect(await fresh.exec('node-1', ['test', '-e', '/var/lib/kept'], { anyExit: true })).toMatchObject({ code: 1 })
  })

  it('leaves nothing behind', async () => {
    const pids = (await lab.status()).flatMap(host => host.pid ?? [])
    await lab.down()
    expect(await readdir('/run/netns').catch(() => [])).not.toContain(`drover-${name}`)
    expect(await readFile('/proc/mounts', 'utf8')).not.toContain(`/${name}/`)
    expect(await readdir('/var/lib/drover-lab').catch(() => [])).not.toContain(name)
    expect(await lab.context.run({ argv: ['find', '/sys/fs/cgroup', '-name', `drover-${name}`] })).toMatchObject({
      stdout: '',
    })
    expect(await Promise.all(pids.map(processExists))).toEqual(pids.map(() => false))
  })
})

describe('a lab whose owner dies', () => {
  it('ends with it', async () => {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', ownerProgram], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: process.cwd(),
    })
    await once(owner.stdout, 'data')
    expect(await readdir('/run/netns')).toContain('drover-lab-orphan')
    owner.kill('SIGKILL')
    await waitUntil({
      what: 'the lab to be gone',
      timeoutMs: 30_000,
      check: async () => {
        const labs = await readdir('/var/lib/drover-lab').catch((): string[] => [])
        const namespaces = await readdir('/run/netns').catch((): string[] => [])
        return !labs.includes('lab-orphan') && !namespaces.includes('drover-lab-orphan')
      },
    })
  })
})

const ownerProgram = `
import { startLab } from './test/support/lab.ts'
await startLab({ name: 'lab-orphan', subnet: '10.10.22.0/24', hosts: 1 })
console.log('up')
setInterval(() => undefined, 1000)
`

/** The lab's control group in the unified hierarchy, the one that can kill. */
async function groupOf(lab: TestLab): Promise<string> {
  const found = await lab.context.run({ argv: ['find', '/sys/fs/cgroup', '-name', lab.namespace] })
  for (const group of found.stdout.trim().split('\n')) if (existsSync(`${group}/cgroup.kill`)) return group
  throw new Error('the lab has no control group')
}

interface Listening {
  readonly connected: Promise<unknown>
  readonly stop: () => void
}

/** A TCP server at the orchestrator's address that says so when somebody connects. */
async function serveInNamespace(lab: TestLab, port: number): Promise<Listening> {
  const program = `require('node:net').createServer(() => console.log('connected')).listen(${port}, () => console.log('listening'))`
  const [command = '', ...args] = await lab.inNamespaceCommand([process.execPath, '-e', program])
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(server.stdout, 'data')
  return { connected: once(server.stdout, 'data'), stop: () => void server.kill() }
}

/** A dead process that its parent has not asked about yet, a zombie, does not count. */
async function processExists(pid: number | undefined): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined)
  return status !== undefined && !/^State:\s+[ZX]/m.test(status)
}

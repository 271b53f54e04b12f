import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHost, type Exec } from '../../host/host.ts'
import { createAgentKeep } from './keep.ts'
import { GIVEN_UP, RETURN_SCRIPT, UNIT_FILE, VERSIONS } from './places.ts'
import { createAgentStage } from './stage.ts'
import { createAgentSwitch } from './switch.ts'

const NOW = 1_750_000_000_000
const MINUTE = { keepWithinMs: 60_000 }
const source = { url: 'http://fleet/debian13', suite: 'drover', key: 'a key' }
const PACKAGED = 'ExecStart=/usr/lib/drover-agent/node /usr/lib/drover-agent/agent.mjs\n'
const call = { signal: new AbortController().signal, progress: () => undefined }

describe('an agent that is told to become another version', () => {
  let root: string
  let ran: string[]
  /** What a version says of itself; others do not start. */
  let says: Record<string, string>
  let isQuiet: boolean
  let fails: (line: string) => boolean

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-versions-'))
    await mkdir(join(root, '/etc/systemd/system'), { recursive: true })
    ran = []
    says = { '0.2.0': 'drover-agent 0.2.0', '0.3.0': 'drover-agent 0.3.0' }
    isQuiet = true
    fails = () => false
  })
  afterEach(() => rm(root, { recursive: true }))

  it('lays it out whole, once it has said its version', async () => {
    await agent('0.1.0').stage({ args: { source, version: '0.2.0' }, ...call })
    expect(await readdir(join(root, VERSIONS))).toEqual(['0.2.0'])
    says['0.3.0'] = 'drover-agent 9.9'
    await expect(agent('0.1.0').stage({ args: { source, version: '0.3.0' }, ...call })).rejects.toThrow(
      'it says that it is "drover-agent 9.9"',
    )
    await expect(agent('0.1.0').stage({ args: { source, version: '0.4.0' }, ...call })).rejects.toThrow(
      'agent 0.4.0 does not run on this host: no such library',
    )
    await expect(agent('0.1.0').stage({ args: { source, version: '../x' }, ...call })).rejects.toThrow('no version')
    expect(await unit()).toBe(null)
  })

  it('arms the way back before systemd reads another unit, and starts anew last', async () => {
    await stage('0.2.0')
    ran = []
    const answer = await agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })
    expect(answer).toEqual({ running: '0.1.0', restarts: true })
    expect(await unit()).toContain(`ExecStart=${VERSIONS}/0.2.0/usr/lib/drover-agent/node`)
    expect(ran).toEqual([
      'daemon-reload, unit absent',
      'systemctl --quiet enable --now drover-agent-return.timer',
      'daemon-reload, unit 0.2.0',
      'systemd-run --quiet --collect --on-active=1 --timer-property=AccuracySec=100ms systemctl --no-block restart drover-agent.service',
    ])
    expect(isQuiet).toBe(false)
  })

  it('waits until nothing else is under way, and lets others in again when it could not be done', async () => {
    await stage('0.2.0')
    isQuiet = false
    const ask = () => agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })
    await expect(ask()).rejects.toMatchObject({ code: 'locked', retryable: true })
    expect(await unit()).toBe(null)
    isQuiet = true
    fails = line => line.startsWith('systemctl --quiet enable')
    await expect(ask()).rejects.toThrow('enable')
    expect([isQuiet, await unit()]).toEqual([true, null])
  })

  it('does nothing when it runs the version, whoever has asked it before', async () => {
    ran = []
    expect(await agent('0.2.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })).toMatchObject({
      restarts: false,
    })
    expect(ran).toEqual([])
  })

  it('leaves a unit alone that somebody else has put there', async () => {
    await stage('0.2.0')
    await put(UNIT_FILE, '[Service]\nExecStart=/opt/mine\n')
    await expect(agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('stays with what is kept, remembers the version before, and collects older ones', async () => {
    for (const version of ['0.2.0', '0.3.0']) await stage(version)
    await agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })
    await agent('0.2.0').keep({ args: { version: '0.2.0' }, ...call })
    expect(await readdir(join(root, VERSIONS))).toEqual(['0.2.0'])
    await stage('0.3.0')
    await agent('0.2.0').switch({ args: { version: '0.3.0', ...MINUTE }, ...call })
    for (const _again of [1, 2]) await agent('0.3.0').keep({ args: { version: '0.3.0' }, ...call })
    expect(await readdir(join(root, VERSIONS))).toEqual(['0.2.0', '0.3.0', 'return-to.service'])
    expect(await readdir(join(root, '/etc/systemd/system'))).toEqual(['drover-agent.service'])
  })

  it('goes back to what the package of this host brought', async () => {
    await stage('0.2.0')
    await agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })
    await agent('0.2.0').keep({ args: { version: '0.2.0' }, ...call })
    isQuiet = true
    await agent('0.2.0').switch({ args: { version: '0.1.0', ...MINUTE }, ...call })
    expect(await unit()).toBe(null)
  })

  describe('and is not kept', () => {
    it('leaves the host alone before its time, and goes back after it, as often as it is cut off', async () => {
      await stage('0.2.0')
      await agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })
      await runScript(NOW + 59_000)
      expect(await unit()).toContain('0.2.0')
      for (const line of [5, 6, 8, 9]) await runScript(NOW + 60_000, line)
      await runScript(NOW + 60_000)
      expect(await unit()).toBe(null)
      expect(await readFile(join(root, GIVEN_UP), 'utf8')).toBe('0.2.0\nlast words\n')
      await expect(agent('0.1.0').keep({ args: { version: '0.2.0' }, ...call })).rejects.toThrow(
        'agent 0.1.0 runs here, not 0.2.0, which this host has given up: last words',
      )
    })

    it('goes back to a version that the fleet had brought', async () => {
      for (const version of ['0.2.0', '0.3.0']) await stage(version)
      await agent('0.2.0').switch({ args: { version: '0.3.0', ...MINUTE }, ...call })
      await runScript(NOW + 61_000)
      expect(await unit()).toContain(`${VERSIONS}/0.2.0/`)
    })

    it('cannot be kept any more by a host that is on its way back', async () => {
      await stage('0.2.0')
      await agent('0.1.0').switch({ args: { version: '0.2.0', ...MINUTE }, ...call })
      await runScript(NOW + 60_000, 7)
      await expect(agent('0.2.0').keep({ args: { version: '0.2.0' }, ...call })).rejects.toThrow('given agent 0.2.0 up')
    })
  })

  function agent(agentVersion: string) {
    const host = createHost({ root, exec })
    const parts = {
      exec,
      files: host.files,
      agentVersion,
      monotonic: () => 0,
      now: () => NOW,
      systemd: { daemonReload: async () => void ran.push(`daemon-reload, unit ${versionOf(await unit())}`) },
      quiet: {
        begun: () => undefined,
        ended: () => undefined,
        whenOpen: async () => undefined,
        open: () => {
          isQuiet = true
        },
        close: () => {
          const was = isQuiet
          isQuiet = false
          return was
        },
      },
      packages: {
        status: async () => ({ installed: new Map([['drover-agent', '0.1.0']]), unfinished: [] }),
        sourceFiles: () => [{ path: '/etc/drover/apt/drover.sources', content: source.url }],
        unpack: async ({ into }: { readonly into: string }) =>
          put(`${into}/usr/lib/systemd/system/drover-agent.service`, PACKAGED),
      },
    }
    return { stage: createAgentStage(parts), switch: createAgentSwitch(parts), keep: createAgentKeep(parts) }
  }

  async function stage(version: string): Promise<void> {
    isQuiet = true
    await agent('0.1.0').stage({ args: { source, version }, ...call })
  }

  function exec({ argv }: Parameters<Exec>[0]): ReturnType<Exec> {
    const line = argv.join(' ')
    const tried = /versions\/\.?(.*?)(\.partial)?\/usr\/lib.*--version$/.exec(line)?.[1]
    const said = tried === undefined ? '' : says[tried]
    if (tried === undefined) ran.push(line)
    const code = said === undefined || fails(line) ? 1 : 0
    return Promise.resolve({ code, stdout: `${said}\n`, stderr: 'no such library', signal: null } as never)
  }

  /** The real script by a real shell, on this folder, with programs that do nothing; cut off after a line. */
  async function runScript(atMs: number, lines = Number.POSITIVE_INFINITY): Promise<void> {
    const text = await readFile(join(root, RETURN_SCRIPT), 'utf8')
    const here = text.replaceAll('/etc/systemd', `${root}/etc/systemd`).replaceAll(VERSIONS, `${root}${VERSIONS}`)
    const stubs = `date() { echo ${atMs / 1000}; }; systemctl() { :; }; sync() { :; }; journalctl() { echo last words; }\n`
    const cut = here.split('\n').slice(0, lines)
    const open = cut.filter(line => line.startsWith('if ')).length - cut.filter(line => line === 'fi').length
    const script = [...cut, ...Array(open).fill('fi')].join('\n')
    await promisify(execFile)('sh', ['-c', stubs + script])
  }

  async function unit(): Promise<string | null> {
    return readFile(join(root, UNIT_FILE), 'utf8').catch(() => null)
  }

  async function put(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
})

function versionOf(text: string | null): string {
  return text === null ? 'absent' : (/^# Drover: agent (.*)$/m.exec(text)?.[1] ?? 'foreign')
}

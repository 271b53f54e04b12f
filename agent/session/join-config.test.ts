import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatJoinToken, makeJoinToken } from '../../shared/signing/join-token.ts'
import { createHost } from '../host/host.ts'
import { meshAddresses } from './enrol.ts'
import { parseAddresses, parseSettings, readJoinConfig } from './join-config.ts'

const token = formatJoinToken(makeJoinToken('p'.repeat(43))).reveal()
const id = token.split('_')[1]

describe('where a host is told how to join', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-join-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  async function put(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  const read = () =>
    readJoinConfig({
      files: createHost({ root }).files,
      configDirectory: '/etc/drover',
      credentialDirectories: ['/run/credentials/drover-agent.service', '/run/credentials/@system'],
    })

  it('knows nothing on a bare host', async () => {
    expect(await read()).toEqual({ token: null, tokenFile: null, orchestrators: [] })
  })

  it('reads a file that can be removed afterwards', async () => {
    await put('etc/drover/join-token', `${token}\n`)
    await put('etc/drover/agent.conf', '# ours\norchestrator = a:7440, b:7440\n')
    expect(await read()).toMatchObject({
      token: { id },
      tokenFile: '/etc/drover/join-token',
      orchestrators: ['a:7440', 'b:7440'],
    })
  })

  it('reads systemd credentials', async () => {
    await put('run/credentials/@system/drover.join-token', token)
    await put('run/credentials/@system/drover.orchestrator', '[fd00::1]:7440')
    expect(await read()).toMatchObject({ token: { id }, tokenFile: null, orchestrators: ['[fd00::1]:7440'] })
  })

  it('reads the kernel command line, in a container that of its first process', async () => {
    await put('proc/cmdline', `quiet drover.join-token=${token} drover.orchestrator=kernel:1\n`)
    expect(await read()).toMatchObject({ token: { id }, orchestrators: ['kernel:1'] })
    await put('run/systemd/container', '')
    await put('proc/1/cmdline', '/sbin/init\0drover.orchestrator=container:1\0')
    expect(await read()).toMatchObject({ token: null, orchestrators: ['container:1'] })
  })

  it('says what is wrong with a token without showing it', async () => {
    await put('etc/drover/join-token', 'drv1_secret')
    const message = await read().then(
      () => '',
      (error: Error) => error.message,
    )
    expect(message).toContain('this is no join token')
    expect(message).not.toContain('secret')
  })

  it('refuses an address without a port', () => {
    expect(() => parseAddresses('orchestrator.example')).toThrow('is not HOST:PORT')
  })

  it('takes JSON as well', () => {
    expect(parseSettings('{"orchestrator": ["a:1", "b:2"]}').get('orchestrator')).toBe('a:1,b:2')
  })

  it('finds the mesh from what it dialled', () => {
    expect(meshAddresses([], '10.0.0.1:7440')).toEqual(['10.0.0.1:7441'])
    expect(meshAddresses([':9000', 'other:1'], '[fd00::1]:7440')).toEqual(['[fd00::1]:9000', 'other:1'])
  })
})

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { execCommand } from '../../agent/host/exec.ts'
import { createFiles } from '../../agent/host/files.ts'
import type { Exec } from '../../agent/host/host.ts'
import { createPackages } from '../../agent/host/packages.ts'
import type { PackageItem } from '../../shared/domain/manifest.ts'
import { makeDebSource, type TinyDeb } from '../support/deb-source.ts'

/**
 * Real apt, which looks at a made-up host and only says what it would install. The host has a tool that needs exactly its library; the
 * fleet has that library in a newer version, with a sibling that was built with it.
 */
const OLD = '8.14-2+u5'
const NEW = '8.14-2+u7'
const HOST: readonly TinyDeb[] = [
  { name: 'tool', version: OLD, fields: { Depends: `libtool4 (= ${OLD})` } },
  { name: 'libtool4', version: OLD, fields: { Source: 'tool' } },
]
const FLEET: readonly TinyDeb[] = [
  { name: 'libtool4', version: NEW, fields: { Source: 'tool' } },
  { name: 'libtool-gnutls', version: NEW, fields: { Source: 'tool' } },
  { name: 'geo', version: '3.6', fields: { Depends: 'libtool-gnutls' } },
  { name: 'newest', version: '1', fields: { Depends: `libtool4 (>= ${NEW})` } },
  { name: 'lost', version: '1', fields: { Depends: 'nowhere (>= 2)' } },
]

let root: string
let installs: string[]

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-transaction-'))
  installs = []
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('bringing packages in', () => {
  it('leaves what is installed at its version, although the fleet has a newer one that was built with it', async () => {
    await install([{ name: 'geo', version: '3.6' }])
    expect(installs).toEqual([`Inst libtool-gnutls (${NEW}`, 'Inst geo (3.6'])
  })

  it('changes what is installed where nothing else needs it as it is', async () => {
    await install([{ name: 'newest', version: '1' }], [HOST[1] ?? { name: '', version: '' }])
    expect(installs).toEqual([`Inst libtool4 [${OLD}] (${NEW}`, 'Inst newest (1'])
  })

  it('takes nothing away: it says what would have to go, and apt never acts', async () => {
    await expect(install([{ name: 'newest', version: '1' }])).rejects.toMatchObject({
      code: 'conflict',
      message: `apt would have to remove tool ${OLD} from this host, and take libtool4 ${OLD} to ${NEW}`,
    })
    expect(installs).toEqual([])
  })

  it('says which dependency nobody has', async () => {
    await expect(install([{ name: 'lost', version: '1' }])).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('lost : Depends: nowhere (>= 2)') as string,
    })
    expect(installs).toEqual([])
  })
})

/** What the agent does, with every path below the root, and apt that does not go beyond saying. */
async function install(packages: readonly PackageItem[], host: readonly TinyDeb[] = HOST): Promise<void> {
  const debs = await makeDebSource(root, FLEET)
  const status = join(root, 'var/lib/dpkg/status')
  await mkdir(join(root, 'var/lib/dpkg'), { recursive: true })
  await writeFile(status, host.map(recordOf).join('\n'))
  const source = { url: `file:${debs.directory}`, suite: 'drover', key: debs.source.signedBy }
  const exec: Exec = async options => {
    const [program, ...args] = options.argv
    const here = args.map(each => each.replace(/(^|=)(?=\/(?:etc|var)\/)/, `$1${root}`))
    const own = [
      `Dir::State=${root}/state`,
      `Dir::State::status=${status}`,
      'APT::Architecture=amd64',
      'Debug::NoLocking=1',
    ]
    const isInstall = args.includes('install') && !args.includes('--simulate')
    const more = [...own.flatMap(each => ['-o', each]), ...(isInstall ? ['--simulate'] : [])]
    const result = await execCommand({ ...options, argv: [program, ...more, ...here] })
    if (isInstall) installs.push(...result.stdout.split('\n').flatMap(line => /^Inst .*\(\S+/.exec(line)?.[0] ?? []))
    return result
  }
  const files = createFiles({ root })
  const agent = createPackages({ files, exec })
  for (const { path, content } of agent.sourceFiles(source)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), content.replaceAll('/etc/drover', `${root}/etc/drover`))
  }
  for (const folder of ['state/lists/partial', 'usr/sbin', 'var/cache'])
    await mkdir(join(root, folder), { recursive: true })
  await agent.install({ source, packages, signal: AbortSignal.timeout(60_000) })
  expect(await readFile(status, 'utf8')).toContain('install ok installed')
}

function recordOf({ name, version, fields }: TinyDeb): string {
  const all = { Package: name, Status: 'install ok installed', Architecture: 'all', Version: version, ...fields }
  return Object.entries({ ...all, Maintainer: 'test <test@localhost>', Description: name })
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')
}

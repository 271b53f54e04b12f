import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildAgentPackage } from '../../deploy/build/agent-package.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** The agent of this checkout under another version. */
export async function buildAgentVersion(version: string): Promise<string> {
  return buildAgentPackage({ root, version, epochSeconds: 1_735_689_600, say: () => undefined })
}

/** A package of the agent whose bundle does something else: one that `--version` still answers, or one that does not even start. */
export async function spoiltAgent(
  good: { readonly path: string; readonly version: string },
  version: string,
  how: 'never connects' | 'does not load',
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-spoilt-'))
  const target = join(tmpdir(), `drover-agent_${version}_spoilt.deb`)
  try {
    await run('dpkg-deb', ['--raw-extract', good.path, folder])
    const control = join(folder, 'DEBIAN/control')
    const text = await readFile(control, 'utf8')
    await writeFile(control, text.replace(/^Version: .*$/m, `Version: ${version}`))
    const bundle = join(folder, 'usr/lib/drover-agent/agent.mjs')
    if (how === 'does not load') await appendFile(bundle, '\n)(')
    else
      await writeFile(
        bundle,
        `if (process.argv.includes('--version')) console.log('drover-agent ${version}')
else { console.error('no orchestrator can be found'); setInterval(() => undefined, 1000) }\n`,
      )
    await run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', folder, target])
    return target
  } finally {
    await rm(folder, { recursive: true })
  }
}

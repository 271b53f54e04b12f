import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AptWorkspace,
  packageNames,
  prepareWorkspace,
  updateLists,
} from '../../orchestrator/packages/apt-workspace.ts'
import { machineSources } from '../../orchestrator/packages/machine-sources.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import { EXTENSIONS } from '../../orchestrator/plan/extension-catalogue.ts'
import { extensionPackages, findExtension } from '../../orchestrator/plan/extensions.ts'
import { DEFAULT_MAJOR } from '../../orchestrator/plan/operating-systems.ts'

/** The catalogue of extensions beside what really is on offer: package lists of the machine's own mirrors, control files of its servers. */

/** What is built for one major and brings no extension that a database can be given, and why. */
const OTHERS: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^postgresql(-client|-doc|-server-dev)?-\d+$/, 'the server itself'],
  [/-(auto-failover|repmgr)$/, 'another manager of failover'],
  [/-pg-(catcheck|checksums)$/, 'programs'],
  [/-(bgw-replstatus|pg-failover-slots|pgextwlist|rage-terminator)$/, 'libraries without an extension'],
  [/-wal2json$/, 'an output plugin'],
  [/-slony1-2$/, 'scripts that slonik loads'],
  [/-(scripts|doc)$/, 'parts of other packages'],
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-catalogue-'))
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

/** Names of all packages of an OS; undefined when no mirror can be reached. */
async function namesOn(os: string): Promise<ReadonlySet<string> | undefined> {
  const { byOs, aptOptions = [] } = await machineSources({ run: runCommand })
  const workspace: AptWorkspace = { directory: join(folder, os), architecture: 'amd64', commandPrefix: [] }
  await prepareWorkspace(workspace, { sources: byOs[os] ?? [], aptOptions })
  if ((await runCommand(updateLists(workspace))).exitCode !== 0) return undefined
  const { stdout } = await runCommand(packageNames(workspace))
  return new Set(stdout.split('\n'))
}

describe.each(Object.entries(DEFAULT_MAJOR))('the packages for PostgreSQL on %s', (os, major) => {
  it('are all in the catalogue, or known to bring no extension; and none is there that the newest OS lacks', async context => {
    const names = await namesOn(os)
    context.skip(names === undefined, 'no mirror can be reached')
    const known = new Set(extensionPackages(major))
    const built = [...(names ?? [])].filter(
      name => name.startsWith('postgresql-') && name.split('-').includes(String(major)),
    )
    expect(built.length).toBeGreaterThan(80)
    const unknown = built.filter(name => !known.has(name) && !OTHERS.some(([pattern]) => pattern.test(name)))
    expect(unknown.sort()).toEqual([])
    if (major === Math.max(...Object.values(DEFAULT_MAJOR)))
      expect([...known].filter(name => names?.has(name) !== true)).toEqual([])
  }, 120_000)
})

describe('what comes with a server of this machine', () => {
  it('is in the catalogue for its major, and nothing else is said to come with it', async () => {
    for (const major of await readdir('/usr/share/postgresql')) {
      const files = await readdir(`/usr/share/postgresql/${major}/extension`)
      const found = files.flatMap(file => (file.endsWith('.control') ? [file.slice(0, -'.control'.length)] : []))
      expect(found.filter(name => findExtension(name, Number(major)) === undefined)).toEqual([])
      const contrib = Object.keys(EXTENSIONS).filter(name => {
        const extension = findExtension(name, Number(major))
        return extension !== undefined && extension.packageName === undefined
      })
      expect(contrib.filter(name => !found.includes(name))).toEqual([])
    }
  })
})

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Orchestrator and agents as one file each: they are started a thousand times, and all from the same source. */
export interface CrashPrograms extends AsyncDisposable {
  readonly orchestrator: string
  readonly agents: string
}

export function buildCrashPrograms(): Promise<CrashPrograms> {
  return bundlePrograms('test/support/crash/orchestrator-main.ts', 'test/support/crash/agents-main.ts')
}

/** Entry points relative to the root of the repository. */
export async function bundlePrograms(orchestrator: string, agents: string): Promise<CrashPrograms> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-crash-programs-'))
  await build({
    absWorkingDir: ROOT,
    entryPoints: { orchestrator, agents },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
    // CommonJS packages inside an ES module still ask for `require`.
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
  })
  await cp(join(ROOT, 'proto'), join(directory, 'proto'), { recursive: true })
  return {
    orchestrator: join(directory, 'orchestrator.mjs'),
    agents: join(directory, 'agents.mjs'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  }
}

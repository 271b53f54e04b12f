import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { createHost } from '../host/host.ts'
import { collectFacts } from './collect-facts.ts'
import { collectFactsInChild, probeFsyncInChild } from './facts-child.ts'
import { factsHash } from './facts-hash.ts'

const host = createHost()
const signal = new AbortController().signal
const nodePath = process.execPath
const source = join(import.meta.dirname, 'main-facts-child.ts')
const directory = mkdtempSync(join(tmpdir(), 'drover-child-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('the facts process', () => {
  it('answers with what this machine is, from its source and from one bundled file alike', async () => {
    const scriptPath = join(directory, 'facts-child.mjs')
    await build({
      entryPoints: [source],
      outfile: scriptPath,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      // systeminformation is CommonJS and asks for node's own modules.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    })
    const own = await collectFacts({ host, signal })
    for (const script of [source, scriptPath]) {
      const facts = await collectFactsInChild({ host, nodePath, scriptPath: script, signal })
      expect(facts.packages).toEqual(own.packages)
      expect(facts.cpu.threads).toEqual(own.cpu.threads)
      expect(factsHash(facts)).toMatch(/^[0-9a-f]{64}$/)
    }
  }, 30_000)

  it('probes a directory', async () => {
    const probe = await probeFsyncInChild({ host, nodePath, scriptPath: source, directory, signal })
    expect(probe.path).toBe(directory)
    expect(probe.samples).toBeGreaterThan(0)
  }, 20_000)

  it('hands on the error of the probe with its code', async () => {
    const absent = join(directory, 'absent')
    const probe = probeFsyncInChild({ host, nodePath, scriptPath: source, directory: absent, signal })
    await expect(probe).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining(absent) })
  })

  it('cleans up after a probe that was killed', async () => {
    const probeDirectory = mkdtempSync(join(directory, 'killed-'))
    const killed = { ...host, exec: async () => ({ code: 137, stdout: '', stderr: 'Killed', truncated: false }) }
    writeFileSync(join(probeDirectory, '.drover-fsync-probe-77'), 'half a file')
    const options = { host: killed, nodePath, scriptPath: source, directory: probeDirectory, signal }
    await expect(probeFsyncInChild(options)).rejects.toThrow('ended with code 137 and no answer: Killed')
    expect(readdirSync(probeDirectory)).toEqual([])
  })
})

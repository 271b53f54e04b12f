import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../deploy/lab/lab.ts'
import { PATRONI_LAUNCHER_TEXT } from '../../orchestrator/plan/render/patroni-launcher.ts'
import { waitUntilHealthy } from './healthy.ts'
import { type BenchContext, type Measured, measure } from './measure.ts'

/** Prepares the shell script's side, which is not timed: certificates, passwords, a way onto each host. */
export async function prepareRival({ lab, directory, stockPatroni, run, signal }: BenchContext): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { hosts } = await lab.record()
  await run({ argv: [...(await environment({ lab, directory })), 'sh', scriptPath('certificates.sh')], signal })
  for (const { name } of hosts) {
    const argv = await lab.execCommand(name, [])
    const file = join(directory, `on-${name}`)
    await writeFile(file, `#!/bin/sh\nexec ${argv.map(quote).join(' ')} "$@"\n`)
    await chmod(file, 0o700)
  }
  if (!stockPatroni) await writeFile(join(directory, 'launch.py'), PATRONI_LAUNCHER_TEXT)
}

/** Runs the shell script and times it up to the finish line. */
export async function runRival(context: BenchContext): Promise<Measured> {
  const { lab, directory, sql, run, signal, report } = context
  const password = (await readFile(join(directory, 'password-app'), 'utf8')).trim()
  const addresses = (await lab.record()).hosts.map(({ address }) => address)
  const argv = [...(await environment({ lab, directory })), 'sh', scriptPath('rival.sh')]
  return measure({
    signal,
    command: signal => run({ argv, timeoutMs: 120_000, signal }),
    healthy: signal =>
      waitUntilHealthy({
        sql,
        addresses,
        url: `postgres://app:${password}@any:1/app`,
        timeoutMs: 120_000,
        signal,
        report,
      }),
  })
}

async function environment({ lab, directory }: Pick<BenchContext, 'lab' | 'directory'>): Promise<readonly string[]> {
  const { hosts, subnet } = await lab.record()
  const nodes = hosts.map(({ name, address }) => `${name}=${address}`).join(' ')
  return ['env', `RIVAL_DIR=${directory}`, `NODES=${nodes}`, `CLIENTS=${subnet}`]
}

/** Ends what one side made, on every host. */
export async function wipe(lab: Lab, side: 'rival' | 'drover'): Promise<void> {
  const script = await readFile(scriptPath(`wipe-${side}.sh`), 'utf8')
  const { hosts } = await lab.record()
  await Promise.all(hosts.map(({ name }) => lab.exec(name, ['sh', '-s'], { input: script, timeoutMs: 60_000 })))
}

function scriptPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

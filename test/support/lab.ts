import type { AddHosts } from '../../deploy/lab/add-hosts.ts'
import { createLab, endLab } from '../../deploy/lab/create-lab.ts'
import type { Lab } from '../../deploy/lab/lab.ts'
import { defaultCacheDir, type LabContext } from '../../deploy/lab/lab-context.ts'
import { defaultRoots } from '../../deploy/lab/lab-paths.ts'
import type { OsName } from '../../deploy/lab/model.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { runCommand } from '../../deploy/lab/run-command.ts'

export interface StartLab extends Pick<AddHosts, 'layers' | 'files' | 'credentials'> {
  /** Every test file has its own, so that files never meet. */
  readonly name: string
  /** Hosts to boot at once; 0 for a network alone, with hosts added by `addHosts` later. */
  readonly hosts: number
  readonly os?: OsName
  /** Labs are apart from each other and may use the same. Default 10.10.10.0/24. */
  readonly subnet?: string
  readonly signal?: AbortSignal
}

/** A lab for one test file: made afresh, and gone with `await using`, with `down`, or with the test process. */
export interface TestLab extends Lab, AsyncDisposable {
  /** For parts of the lab that take it, such as `buildLayer`. */
  readonly context: LabContext
  /** Address of `node-1`, ... or of `orchestrator`. */
  readonly address: (host: string) => string
  readonly down: () => Promise<void>
}

export async function startLab({
  name,
  hosts,
  os = 'debian13',
  subnet = '10.10.10.0/24',
  signal,
  ...host
}: StartLab): Promise<TestLab> {
  const context = testContext(signal)
  // A test run that was killed may still have hosts running.
  await endLab(name, context)
  const guard = guardByOwner(name)

  async function down(): Promise<void> {
    await endLab(name, context)
    guard.release()
  }

  try {
    const lab = await createLab({ name, subnet }, context)
    if (hosts > 0) await lab.addHosts({ count: hosts, os, ...host })
    return { ...lab, context, address: addressIn(lab), down, [Symbol.asyncDispose]: down }
  } catch (error) {
    await down()
    throw error
  }
}

/** Everything a part of the lab needs, for tests and benchmarks; progress goes to stderr. */
export function testContext(signal: AbortSignal = new AbortController().signal): LabContext {
  return {
    run: runCommand,
    roots: defaultRoots,
    cacheDir: defaultCacheDir,
    report: line => void process.stderr.write(`lab: ${line}\n`),
    signal,
  }
}

function addressIn({ addresses }: Lab): (host: string) => string {
  return host => {
    if (host === 'orchestrator') return addresses.gateway
    const number = /^node-([1-9]\d*)$/.exec(host)?.[1]
    if (number === undefined) throw new Error(`'${host}' is no host of a lab`)
    return addresses.hostAddress(Number(number))
  }
}

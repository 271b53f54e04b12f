import type { NodeFacts } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { cgroupLimits } from './cgroup-limits.ts'
import { clockFacts } from './clock-facts.ts'
import { cpuFacts } from './cpu-facts.ts'
import { diskFacts } from './disk-facts.ts'
import { filesystemFacts } from './filesystem-facts.ts'
import { memoryFacts } from './memory-facts.ts'
import { networkFacts } from './network-facts.ts'
import { numaFacts } from './numa-facts.ts'
import { DPKG_STATUS, osFacts } from './os-facts.ts'
import { packageFacts } from './package-facts.ts'
import { completeFacts, type SecondSource } from './second-source.ts'
import { systemFacts } from './system-facts.ts'
import { virtualizationFact } from './virtualization-facts.ts'

export interface CollectFactsOptions {
  readonly host: Host
  readonly signal: AbortSignal
  /** Asked only for what the kernel's own files do not say. It is heavy: give it in a short-lived process only. */
  readonly second?: SecondSource
}

/** What the machine is: read from sysfs and procfs first. Never fails for a single fact: that one is unknown, with the reason. */
export async function collectFacts({ host, signal, second }: CollectFactsOptions): Promise<NodeFacts> {
  signal.throwIfAborted()
  const packages = packageFacts((await host.files.readText(DPKG_STATUS)) ?? '')
  const limits = await cgroupLimits(host)
  signal.throwIfAborted()
  const facts: NodeFacts = {
    ...(await osFacts({ host, packages, signal })),
    virtualization: await virtualizationFact(host),
    cpu: await cpuFacts(host, limits),
    numa: await numaFacts(host),
    memory: await memoryFacts(host, limits),
    cgroup: { version: limits.version, cpuQuota: limits.cpuQuota, memoryLimitBytes: limits.memoryLimitBytes },
    disks: await diskFacts(host),
    filesystems: await filesystemFacts(host),
    network: await networkFacts(host),
    system: await systemFacts(host),
    clock: await clockFacts({ host, signal }),
    packages,
  }
  signal.throwIfAborted()
  return second === undefined ? facts : completeFacts(facts, second)
}

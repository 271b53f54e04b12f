import { hostname, networkInterfaces } from 'node:os'
import type { Evidence } from '../../proto/gen/drover/v1/Evidence.ts'
import type { HostFiles } from '../host/files-types.ts'

/** What this host looks like. Evidence for a person and for the approval queue, never identity. */
export async function gatherEvidence(files: HostFiles, agentVersion: string): Promise<Evidence> {
  const read = async (path: string) => ((await files.readText(path).catch(() => null)) ?? '').trim()
  const interfaces = Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(address => !address.internal)
  return {
    hostname: hostname(),
    machineId: await read('/etc/machine-id'),
    productUuid: await read('/sys/class/dmi/id/product_uuid'),
    macs: distinct(interfaces.map(({ mac }) => mac)),
    agentVersion,
    addresses: distinct(interfaces.map(({ address }) => address).filter(address => !address.startsWith('fe80:'))),
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}

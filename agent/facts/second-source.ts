import { type DiskFacts, type Fact, known, type NodeFacts } from '../../shared/domain/facts.ts'

/** A source that is asked only where the kernel's files say nothing. Empty text: it does not know either. */
export interface SecondSource {
  readonly name: string
  cpuModel(): Promise<string>
  /** Model and serial number by kernel name of the disk. */
  disks(): Promise<Readonly<Record<string, { readonly model: string; readonly serial: string }>>>
  system(): Promise<{
    readonly vendor: string
    readonly product: string
    readonly serial: string
    readonly uuid: string
  }>
}

/** Fills in what is unknown and nothing else. A second source that fails leaves the facts as they are. */
export async function completeFacts(facts: NodeFacts, second: SecondSource): Promise<NodeFacts> {
  const { cpu, disks, system } = facts
  const cpuModel = 'unknown' in cpu.model ? await second.cpuModel().catch(() => '') : ''
  const otherDisks = disks.some(isIncomplete) ? await second.disks().catch(() => ({})) : {}
  const otherSystem = Object.values(system).some(fact => 'unknown' in fact)
    ? await second.system().catch(() => null)
    : null
  const or = (fact: Fact<string>, text: string | undefined) =>
    'unknown' in fact && text !== undefined && text !== '' ? known(text, second.name) : fact
  return {
    ...facts,
    cpu: { ...cpu, model: or(cpu.model, cpuModel) },
    disks: disks.map(disk => completeDisk(disk, otherDisks, or)),
    system: {
      vendor: or(system.vendor, otherSystem?.vendor),
      product: or(system.product, otherSystem?.product),
      serial: or(system.serial, otherSystem?.serial),
      uuid: or(system.uuid, otherSystem?.uuid),
    },
  }
}

function isIncomplete({ model, serial }: DiskFacts): boolean {
  return 'unknown' in model || 'unknown' in serial
}

function completeDisk(
  disk: DiskFacts,
  others: Awaited<ReturnType<SecondSource['disks']>>,
  or: (fact: Fact<string>, text: string | undefined) => Fact<string>,
): DiskFacts {
  const other = others[disk.name]
  return { ...disk, model: or(disk.model, other?.model), serial: or(disk.serial, other?.serial) }
}

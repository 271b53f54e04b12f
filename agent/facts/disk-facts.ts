import { dirname, resolve } from 'node:path/posix'
import { type DiskFacts, type Fact, known, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { diskKind } from './disk-kind.ts'
import { createFactReader, type FactReader, firstKnown, mapFact, parseCount } from './fact-reader.ts'

const BLOCK = '/sys/block'
/** Not a place where data stays: loops, RAM, compressed RAM, floppies, CD drives; and mappings over disks that are listed themselves. */
const NOT_A_DISK = /^(loop|ram|zram|fd|sr|dm-)/
/** The kernel counts sizes in sectors of 512 bytes, whatever the disk's own are. */
const SECTOR_BYTES = 512

/** The disks and md arrays of the machine, from sysfs. Devices without a medium (size 0) and hidden multipath legs are left out. */
export async function diskFacts(host: Pick<Host, 'files'>): Promise<readonly DiskFacts[]> {
  const names = ((await host.files.list(BLOCK)) ?? []).filter(name => !NOT_A_DISK.test(name))
  const disks = await Promise.all(names.map(name => describe(host, name)))
  return disks.filter(disk => disk !== null)
}

async function describe(host: Pick<Host, 'files'>, name: string): Promise<DiskFacts | null> {
  const reader = createFactReader(host.files)
  const at = (file: string) => `${BLOCK}/${name}/${file}`
  const sizeBytes = mapFact(await reader.count(at('size')), sectors => sectors * SECTOR_BYTES)
  const hidden = await reader.count(at('hidden'))
  if (('value' in sizeBytes && sizeBytes.value === 0) || ('value' in hidden && hidden.value === 1)) return null
  const model = await reader.text(at('device/model'))
  const rotational = await reader.parsed(at('queue/rotational'), text => ({ '0': false, '1': true })[text])
  const vendor = await reader.text(at('device/vendor'))
  const raid = name.startsWith('md') ? await describeArray(host, name) : undefined
  return {
    name,
    kind: diskKind({ name, vendor, model, rotational }),
    sizeBytes,
    model,
    serial: await serialNumber(host, reader, name),
    rotational,
    writeCache: await reader.parsed(at('queue/write_cache'), text =>
      text === 'write back' || text === 'write through' ? text : undefined,
    ),
    logicalBlockBytes: await reader.count(at('queue/logical_block_size')),
    physicalBlockBytes: await reader.count(at('queue/physical_block_size')),
    // The one in use stands in brackets; a plain word when there is no choice.
    scheduler: await reader.parsed(at('queue/scheduler'), text =>
      /\[([\w-]+)\]|^(\w+)$/.exec(text)?.slice(1).find(Boolean),
    ),
    numaNode: await numaNode(host, reader, name),
    ...(raid === undefined ? {} : { raid }),
  }
}

async function describeArray(host: Pick<Host, 'files'>, name: string): Promise<DiskFacts['raid']> {
  const level = (await host.files.readText(`${BLOCK}/${name}/md/level`))?.trim()
  if (level === undefined || level === '') return undefined
  return { level, members: (await host.files.list(`${BLOCK}/${name}/slaves`)) ?? [] }
}

/** NVMe and virtio tell it as text; SCSI and SATA in page 0x80 of the vital product data. */
function serialNumber(host: Pick<Host, 'files'>, reader: FactReader, name: string): Promise<Fact<string>> {
  return firstKnown(
    () => reader.text(`${BLOCK}/${name}/device/serial`),
    () => reader.text(`${BLOCK}/${name}/serial`),
    () => productSerial(host, `${BLOCK}/${name}/device/vpd_pg80`),
  )
}

/** SPC-4 7.8.15: a header of 4 bytes, whose last two are the length, and the serial number in ASCII. */
async function productSerial(host: Pick<Host, 'files'>, path: string): Promise<Fact<string>> {
  const page = await host.files.readBytes(path).catch(() => null)
  if (page === null || page.length < 4) return unknown(`${path} is absent`)
  const length = ((page[2] ?? 0) << 8) | (page[3] ?? 0)
  const text = Buffer.from(page.subarray(4, 4 + length))
    .toString('latin1')
    .replaceAll('\0', '')
    .trim()
  return text === '' ? unknown(`${path} is empty`) : known(text, path)
}

/** The node of the nearest bus device above the disk that knows it. */
async function numaNode(host: Pick<Host, 'files'>, reader: FactReader, name: string): Promise<Fact<number>> {
  const from = await deviceDirectory(host, name)
  for (let directory = from; directory.length > '/sys/devices'.length; directory = dirname(directory)) {
    const node = await reader.parsed(`${directory}/numa_node`, parseCount)
    if ('value' in node) return node
    if (!node.unknown.endsWith('is absent')) return unknown('the firmware does not tell the NUMA node')
  }
  return unknown('no device above the disk has a NUMA node')
}

/** Where the disk hangs in the tree of devices. An NVMe drive with multipath hangs at its controller, not where its own link leads. */
async function deviceDirectory(host: Pick<Host, 'files'>, name: string): Promise<string> {
  const disk = await target(host, `${BLOCK}/${name}`)
  if (!disk.includes('/nvme-subsystem/')) return disk
  const subsystem = dirname(disk)
  const controller = ((await host.files.list(subsystem)) ?? []).find(entry => /^nvme\d+$/.test(entry))
  return controller === undefined ? disk : target(host, `${subsystem}/${controller}`)
}

async function target(host: Pick<Host, 'files'>, path: string): Promise<string> {
  const link = await host.files.readlink(path)
  return link === null ? path : resolve(dirname(path), link)
}

import type { UnitItem } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import { type ListeningSocket, listeningSockets, TCP_TABLES } from '../host/listening-ports.ts'

export interface PortCheck {
  readonly files: Pick<HostFiles, 'readText' | 'list' | 'readlink'>
  readonly signal: AbortSignal
}

/**
 * For each unit one of whose ports something else has taken: what has it and what to do. A port that the unit's own leftover processes hold
 * is not taken: Patroni finds the PostgreSQL that outlived it and goes on. What cannot be read counts as free; the start itself then tells.
 */
export async function takenPorts(units: readonly UnitItem[], check: PortCheck): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(units.flatMap(({ listens = [] }) => listens))
  const sockets = wanted.size === 0 ? [] : (await allSockets(check)).filter(({ port }) => wanted.has(port))
  if (sockets.length === 0) return new Map()
  const holders = await holdersOf(sockets, check)
  const problems = new Map<string, string>()
  for (const { name, listens = [] } of units) {
    const foreign = sockets
      .filter(({ port }) => listens.includes(port))
      .map(({ port, inode }) => ({ port, by: holders.get(inode) ?? [] }))
      .filter(({ by }) => !by.some(({ cgroups }) => isWithin(cgroups, name)))
      .map(({ port, by }) => `port ${port} is taken by ${described(by)}`)
    if (foreign.length === 0) continue
    problems.set(name, `${[...new Set(foreign)].join('; ')} (stop it or move it to another port, then apply again)`)
  }
  return problems
}

async function allSockets({ files }: PortCheck): Promise<readonly ListeningSocket[]> {
  const tables = await Promise.all(TCP_TABLES.map(path => files.readText(path).catch(() => null)))
  return tables.flatMap(table => listeningSockets(table ?? ''))
}

interface Holder {
  readonly pid: number
  readonly command: string
  /** Text of `/proc/<pid>/cgroup`. */
  readonly cgroups: string
}

/** The processes that have each socket open, the oldest id first. Processes may end while this looks at them. */
async function holdersOf(
  sockets: readonly ListeningSocket[],
  { files, signal }: PortCheck,
): Promise<ReadonlyMap<string, readonly Holder[]>> {
  const inodes = new Map(sockets.map(({ inode }) => [`socket:[${inode}]`, inode]))
  const holders = new Map<string, Holder[]>()
  const pids = ((await files.list('/proc').catch(() => null)) ?? []).filter(name => /^\d+$/.test(name)).map(Number)
  for (const pid of pids.sort((a, b) => a - b)) {
    signal.throwIfAborted()
    const directory = `/proc/${pid}/fd`
    const descriptors = (await files.list(directory).catch(() => null)) ?? []
    const links = await Promise.all(descriptors.map(name => files.readlink(`${directory}/${name}`).catch(() => null)))
    const held = new Set(links.flatMap(link => inodes.get(link ?? '') ?? []))
    if (held.size === 0) continue
    const read = async (name: string) => (await files.readText(`/proc/${pid}/${name}`).catch(() => null)) ?? ''
    const holder = { pid, command: printable(await read('comm')), cgroups: await read('cgroup') }
    for (const inode of held) holders.set(inode, [...(holders.get(inode) ?? []), holder])
  }
  return holders
}

/** Any process may name itself as it likes. */
function printable(text: string): string {
  return text.trim().replaceAll(/[^\x20-\x7e]/g, '?') || 'a process without a name'
}

/** Instances of a template lie in a slice of their own, so only the unit's own part of the path is certain. */
function isWithin(cgroups: string, unit: string): boolean {
  return cgroups.split('\n').some(line => line.split('/').includes(unit))
}

function described([first]: readonly Holder[]): string {
  return first === undefined ? 'something that no process on this host holds' : `${first.command} (pid ${first.pid})`
}

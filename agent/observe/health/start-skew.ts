import type { HostFiles } from '../../host/files-types.ts'

/** USER_HZ, which every Linux of these architectures shows to programs. */
const TICKS_PER_SECOND = 100

/**
 * How far apart PostgreSQL's word on its start is from the kernel's, seconds. Patroni compares the same two (`postmaster.pid` and the
 * process) whenever it starts, and takes a server whose times differ by more than 3 s for another program: after the clock was set, it
 * "is not running". Undefined when no server runs.
 */
export async function startSkew(
  files: Pick<HostFiles, 'readText'>,
  dataDirectory: string,
): Promise<number | undefined> {
  const [pid = '', , startedText = ''] = ((await files.readText(`${dataDirectory}/postmaster.pid`)) ?? '').split('\n')
  const started = Number(startedText)
  if (!/^\d+$/.test(pid) || !Number.isFinite(started) || started === 0) return undefined
  const [stat, machine] = await Promise.all([files.readText(`/proc/${pid}/stat`), files.readText('/proc/stat')])
  // Its name is in brackets and may hold anything; the start is the 22nd field.
  const ticks = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  const boot = Number(/^btime (\d+)$/m.exec(machine ?? '')?.[1])
  if (!Number.isFinite(ticks) || !Number.isFinite(boot)) return undefined
  return Math.abs(Math.round(boot + ticks / TICKS_PER_SECOND - started))
}

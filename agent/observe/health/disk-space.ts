import type { DiskSpace } from '../../../shared/domain/instance-health.ts'
import type { HostFiles } from '../../host/files-types.ts'

type Files = Pick<HostFiles, 'statfs' | 'readlink' | 'stat'>

/** Where an instance's data lie, and its WAL when that is on another file system. */
export async function instanceDisks(files: Files, dataDirectory: string): Promise<readonly DiskSpace[]> {
  const wal = `${dataDirectory}/pg_wal`
  const [data, walStat, dataStat] = await Promise.all([
    diskSpace(files, { holds: 'data', path: dataDirectory }),
    files.stat(wal),
    files.stat(dataDirectory),
  ])
  const isApart = walStat !== null && dataStat !== null && walStat.device !== dataStat.device
  const other = isApart ? await diskSpace(files, { holds: 'wal', path: wal }) : undefined
  return [data, other].filter(each => each !== undefined)
}

export async function diskSpace(
  files: Files,
  { holds, path }: Pick<DiskSpace, 'holds' | 'path'>,
): Promise<DiskSpace | undefined> {
  const space = await files.statfs(path)
  if (space === null || space.sizeBytes === 0) return undefined
  const { sizeBytes, availableBytes, inodes } = space
  const step = Math.max(1, Math.floor(sizeBytes / 1000))
  const inodeStep = Math.max(1, Math.floor((inodes?.total ?? 0) / 1000))
  return {
    holds,
    path,
    sizeBytes,
    availableBytes: Math.floor(availableBytes / step) * step,
    ...(inodes === undefined
      ? {}
      : { inodes: { total: inodes.total, free: Math.floor(inodes.free / inodeStep) * inodeStep } }),
  }
}

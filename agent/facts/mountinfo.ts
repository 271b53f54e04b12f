export interface Mount {
  /** major:minor of the mounted file system. */
  readonly device: string
  /** The part of the file system that is mounted; `/` unless it is a bind mount or a subvolume. */
  readonly root: string
  readonly point: string
  readonly options: readonly string[]
  readonly type: string
  /** What is mounted: `/dev/sda1`, `host:/export`, `overlay`. */
  readonly source: string
  readonly superOptions: readonly string[]
}

/** The mounts of /proc/self/mountinfo, oldest first; see proc_pid_mountinfo(5). */
export function parseMountinfo(text: string): readonly Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    const [before = '', after = ''] = line.split(' - ', 2)
    const [, , device, root, point, options] = before.split(' ')
    const [type, source, superOptions = ''] = after.split(' ')
    if (device === undefined || root === undefined || point === undefined || options === undefined) continue
    if (type === undefined || source === undefined) continue
    mounts.push({
      device,
      type,
      root: unescapeOctal(root),
      point: unescapeOctal(point),
      source: unescapeOctal(source),
      options: options.split(','),
      superOptions: superOptions.split(','),
    })
  }
  return mounts
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** A minimal, predictable environment; the caller's own must not leak into a host. */
const hostEnvironment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'USER=root',
  'LOGNAME=root',
  'LANG=C.UTF-8',
]

/** A host whose init runs: where to enter it. */
export interface Leader {
  /** Process id, on this machine, of the host's init. */
  readonly pid: number
  /** A control group of the host, which what is started there joins, so that it loses power with the host. */
  readonly cgroup: string
}

export interface EnterHostInput {
  readonly leader: Leader
  readonly argv: readonly string[]
  readonly terminal?: string
}

/** Runs a program inside a host as root. */
export function enterHostCommand({ leader, argv, terminal }: EnterHostInput): readonly string[] {
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd']
  const environment = terminal === undefined ? hostEnvironment : [...hostEnvironment, `TERM=${terminal}`]
  return joining(leader.cgroup, [
    'nsenter',
    `--target=${leader.pid}`,
    ...namespaces,
    '--',
    'env',
    '-i',
    ...environment,
    ...argv,
  ])
}

export interface EnterNamespaceInput {
  readonly namespace: string
  readonly cgroup: string
  readonly argv: readonly string[]
}

/** Runs a program of this machine in the lab's network, where it has the orchestrator's address. */
export function enterNamespaceCommand({ namespace, cgroup, argv }: EnterNamespaceInput): readonly string[] {
  return joining(cgroup, ['nsenter', `--net=/run/netns/${namespace}`, '--', ...argv])
}

function joining(cgroup: string, argv: readonly string[]): readonly string[] {
  return ['sh', '-c', '{ [ -d "$0" ] || mkdir "$0"; } && echo $$ >"$0/cgroup.procs" && exec "$@"', cgroup, ...argv]
}

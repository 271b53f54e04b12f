import { dirname } from 'node:path'
import type { ConvergeHost } from '../../agent/converge/converge-host.ts'
import type { Exec } from '../../agent/host/host.ts'
import { createHost } from '../../agent/host/host.ts'
import type { Systemd, UnitStatus } from '../../agent/host/systemd.ts'
import type { PackageItem } from '../../shared/domain/manifest.ts'

/** A machine for tests: real files below a folder, and packages, units and accounts that live in memory. */
export interface FakeHost extends ConvergeHost {
  /** Everything that was run or asked of systemd and apt, in order. */
  readonly done: string[]
  readonly installed: Map<string, string>
  readonly running: Set<string>
  /** Units that end as soon as they are started. */
  readonly broken: Set<string>
  /** What installing throws, when it does. */
  installError: Error | null
}

export function createFakeHost(root: string): FakeHost {
  const done: string[] = []
  const installed = new Map<string, string>()
  const running = new Set<string>()
  const enabled = new Set<string>()
  const broken = new Set<string>()
  const exec: Exec = async ({ argv }) => {
    if (argv[0] !== 'getent') done.push(argv.join(' '))
    const [program, ...args] = argv
    const name = args.at(-1) ?? ''
    if (program === 'useradd') {
      await append('/etc/passwd', `${name}:x:0:0::/:/usr/sbin/nologin\n`)
      await append('/etc/group', `${name}:x:0:\n`)
    }
    if (program === 'groupadd') await append('/etc/group', `${name}:x:0:\n`)
    if (program === 'usermod') await append('/etc/group', `${args[1]?.replace('--groups=', '')}:x:0:${name}\n`)
    return { code: program === 'getent' ? 2 : 0, stdout: '', stderr: '', truncated: false }
  }
  const { files, accounts } = createHost({ root, exec })
  const append = (path: string, content: string) => files.append({ path, content, mode: 0o644 })

  const maskPath = (name: string) => `/etc/systemd/system/${name}`
  const isMasked = async (name: string) => (await files.readlink(maskPath(name)).catch(() => null)) === '/dev/null'
  const start = (names: readonly string[]) => {
    for (const name of names) if (!broken.has(name)) running.add(name)
  }
  const statusOf = (name: string): UnitStatus => ({
    name,
    load: 'loaded',
    active: running.has(name) ? 'active' : broken.has(name) ? 'failed' : 'inactive',
    sub: running.has(name) ? 'running' : 'dead',
    result: broken.has(name) ? 'exit-code' : 'success',
    enablement: enabled.has(name) ? 'enabled' : 'disabled',
    stale: false,
    jobPending: false,
    restarts: 0,
    mainPid: 1,
  })
  const systemd: Systemd = {
    isMasked,
    show: async names => {
      done.push('show')
      return new Map(names.map(name => [name, statusOf(name)]))
    },
    mask: name => files.symlink({ path: maskPath(name), target: '/dev/null' }),
    unmask: async name => void (await files.remove({ path: maskPath(name) })),
    daemonReload: async () => void done.push('daemon-reload'),
    run: async (verb, names) => {
      done.push(`${verb} ${names.join(' ')}`)
      for (const name of names) {
        if (verb === 'enable') enabled.add(name)
        if (verb === 'disable') enabled.delete(name)
        if (verb === 'stop') running.delete(name)
      }
    },
    begin: async (verb, names) => {
      done.push(`${verb} ${names.join(' ')}`)
      start(names)
    },
    lastLines: async name => `${name} says: password=hunter2 is wrong`,
  }
  const fake: FakeHost = {
    files,
    accounts,
    exec,
    systemd,
    done,
    installed,
    running,
    broken,
    installError: null,
    packages: {
      status: async () => ({ installed, unfinished: [] }),
      recover: async () => undefined,
      sourceFiles: source => [{ path: '/etc/drover/apt/drover.sources', content: source.url }],
      unpack: async ({ packages, into }) => {
        done.push(`unpack ${packages.map(({ name, version }: PackageItem) => `${name}=${version}`).join(' ')}`)
        if (fake.installError !== null) throw fake.installError
        for (const { name, version } of packages) {
          await files.mkdir({ path: dirname(`${into}/${name}`), mode: 0o755 })
          await files.writeAtomic({ path: `${into}/${name}`, content: version, mode: 0o644 })
        }
      },
      install: async ({ packages }) => {
        done.push(`install ${packages.map(({ name, version }: PackageItem) => `${name}=${version}`).join(' ')}`)
        if (fake.installError !== null) throw fake.installError
        for (const { name, version } of packages) installed.set(name, version)
      },
    },
  }
  return fake
}

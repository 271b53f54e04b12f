import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { baseImage } from '../../deploy/lab/base-image.ts'
import { overlayOptions } from '../../deploy/lab/boot-command.ts'
import { installPackages } from '../../deploy/lab/install-packages.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { buildLayer } from '../../deploy/lab/layer.ts'
import type { OsName } from '../../deploy/lab/model.ts'
import { privateMounts } from '../../deploy/lab/private-mounts.ts'
import { createClusterDropIn } from '../../orchestrator/plan/render/base.ts'
import { testContext } from './lab.ts'

/** The real PostgreSQL of an operating system, in its own root folder, with an empty data directory. */
export interface PostgresInImage extends AsyncDisposable {
  /** Name and context (`user`, `sighup`, `postmaster`, …) of every parameter that a file may set. */
  readonly contexts: () => ReadonlyMap<string, string>
  /** What the server computes for a parameter under these settings, or throws what it complains of. */
  readonly computed: (settings: Readonly<Record<string, string>>, name: string) => string
  /** Starts it under these settings, asks which of them it could not apply, and stops it. */
  readonly refused: (settings: Readonly<Record<string, string>>) => readonly string[]
}

const DATA = '/var/lib/postgresql/check'

/** Needs root, and on first use this machine's Debian mirror; what it builds is kept in the lab's cache. */
export async function postgresInImage(os: OsName, major: number): Promise<PostgresInImage> {
  const context = testContext()
  const base = await baseImage(os, context)
  const layer = await postgresLayer({ os, major, base, context })
  const folder = await mkdtemp(join(tmpdir(), 'drover-postgres-image-'))
  const paths = { upper: join(folder, 'upper'), work: join(folder, 'work') }
  for (const path of [paths.upper, paths.work, join(folder, 'root')]) await mkdir(path, { mode: 0o755 })
  const bin = `/usr/lib/postgresql/${major}/bin`

  /** A shell of the account `postgres` inside; its mounts end with it. */
  function inside(script: string, input = ''): string {
    const root = join(folder, 'root')
    const enter = [
      'set -eu',
      `mount -t overlay -o ${overlayOptions([layer, base], paths)} drover-test ${root}`,
      `mount -t proc proc ${root}/proc`,
      `mount -t tmpfs tmpfs ${root}/dev/shm`,
      `chmod 1777 ${root}/dev/shm`,
      `exec chroot --userspec=postgres:postgres ${root} sh -euc "$0"`,
    ]
    const argv = [...privateMounts, 'sh', '-c', enter.join('\n'), script]
    return execFileSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] })
  }

  inside(`export LC_ALL=C.UTF-8; ${bin}/initdb -D ${DATA} -U postgres -A trust --no-sync >/dev/null`)
  return {
    contexts: () =>
      new Map(
        inside(`${bin}/postgres --describe-config`)
          .trim()
          .split('\n')
          .map(line => line.split('\t'))
          .map(([name = '', kind = '']) => [name.toLowerCase(), kind]),
      ),
    computed: (settings, name) =>
      inside(
        `cat > ${DATA}/postgresql.conf; exec ${bin}/postgres -D ${DATA} -C ${name}`,
        configuration(settings),
      ).trim(),
    refused: settings => {
      const question = 'select name, error from pg_file_settings where not applied order by 1'
      const start = `-o "-c listen_addresses= -c unix_socket_directories=/tmp" -l /tmp/log -w`
      const answer = inside(
        [
          `cat > ${DATA}/postgresql.conf`,
          `${bin}/pg_ctl -D ${DATA} ${start} start >/dev/null || { cat /tmp/log >&2; exit 1; }`,
          `${bin}/psql -h /tmp -U postgres -XqAtc "${question}"`,
          `${bin}/pg_ctl -D ${DATA} -m immediate stop >/dev/null`,
        ].join('\n'),
        configuration(settings),
      )
      return answer.split('\n').filter(line => line !== '')
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function postgresLayer({
  os,
  major,
  base,
  context,
}: {
  readonly os: OsName
  readonly major: number
  readonly base: string
  readonly context: LabContext
}): Promise<string> {
  const populate = async (root: string): Promise<void> => {
    const { path, content } = createClusterDropIn()
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), content)
    await installPackages({ root, os, packages: [`postgresql-${major}`] }, context)
  }
  return buildLayer({ lower: [base], name: 'test-postgres', hash: `postgresql-${major}`, populate }, context)
}

function configuration(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')
}

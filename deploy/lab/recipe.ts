import { createHash } from 'node:crypto'
import { type OsName, suites } from './model.ts'

/** What a base image is made of. Any change gives another hash and so another image. */
export interface ImageRecipe {
  readonly suite: string
  readonly packages: readonly string[]
  /** Shell lines run inside the new root, once. */
  readonly finish: readonly string[]
}

/** A minimal server: what Debian's installer leaves without tasks, and nothing of PostgreSQL. */
export function imageRecipe(os: OsName): ImageRecipe {
  return { suite: suites[os], packages, finish }
}

/** Names a recipe by its content: `debian13-3f2a91c05b7e`. */
export function recipeName(os: OsName, recipe: ImageRecipe): string {
  return `${os}-${createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)}`
}

const packages = [
  'ca-certificates',
  'curl',
  'dbus',
  'iproute2',
  'iputils-ping',
  'netbase',
  'openssl',
  'procps',
  'systemd',
  'systemd-sysv',
  'udev',
]

const finish = [
  'systemctl enable systemd-networkd.service',
  '# Hosts have no route out: a timer that fetches would only fail, and would move packages under a test.',
  'systemctl mask apt-daily.timer apt-daily-upgrade.timer',
  '# Hosts have no package source but the one Drover gives them.',
  'rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*',
  'apt-get clean',
  'rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt',
  '# Each host gets its own.',
  'rm -f /etc/hostname /etc/resolv.conf /var/lib/dbus/machine-id',
  ': > /etc/resolv.conf',
  ': > /etc/machine-id',
]

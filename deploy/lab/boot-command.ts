import { fileURLToPath } from 'node:url'
import type { HostPaths } from './lab-paths.ts'
import type { HostRecord } from './model.ts'
import { privateMounts } from './private-mounts.ts'

export interface BootInput {
  readonly host: HostRecord
  readonly paths: HostPaths
  readonly namespace: string
  /** Absolute path of the host's control group in the unified hierarchy. */
  readonly cgroup: string
  /** Names of the files in the host's credentials folder. */
  readonly credentials: readonly string[]
}

export const bridgeName = 'br0'

const keeperScript = fileURLToPath(new URL('keep-host.sh', import.meta.url))

/**
 * The command that is a host's power supply: it enters the lab's network and a mount namespace of its own
 * (in which alone the host's disk is mounted, so nothing stays mounted when it dies) and keeps systemd-nspawn going.
 */
export function bootCommand(input: BootInput): readonly string[] {
  return [
    'nsenter',
    `--net=/run/netns/${input.namespace}`,
    '--',
    ...privateMounts,
    'sh',
    keeperScript,
    input.cgroup,
    overlayOptions(input.host.lower, input.paths),
    input.paths.root,
    input.paths.seed,
    ...nspawnCommand(input),
  ]
}

/** Mount options of a disk over read-only layers. Redirects stay off so that an upper folder can serve as a layer later. */
export function overlayOptions(
  lower: readonly string[],
  paths: { readonly upper: string; readonly work: string },
): string {
  return `lowerdir=${lower.join(':')},upperdir=${paths.upper},workdir=${paths.work},redirect_dir=off,index=off,metacopy=off`
}

/** Registration with machined is off: it is missing where systemd is not the init, and not needed. */
function nspawnCommand({ host, paths, credentials }: BootInput): readonly string[] {
  return [
    'systemd-nspawn',
    '--quiet',
    '--boot',
    `--directory=${paths.root}`,
    `--machine=${host.name}`,
    '--register=no',
    '--keep-unit',
    '--network-veth',
    `--network-bridge=${bridgeName}`,
    '--console=read-only',
    '--link-journal=no',
    '--resolv-conf=off',
    '--timezone=off',
    ...credentials.map(name => `--load-credential=${name}:${paths.credentials}/${name}`),
  ]
}

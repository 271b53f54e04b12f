import type { DirectoryItem, FileItem } from '../../../shared/domain/manifest.ts'
import type { WatchdogMode } from '../../../shared/domain/spec.ts'
import { publicFile, rootDirectory } from './items.ts'
import { patroniUnit } from './unit-names.ts'
import type { YamlValue } from './yaml.ts'

const DEVICE = '/dev/watchdog'

/**
 * The device resets a host whose Patroni no longer answers for its lease: it is fed until 5 s before the lease ends. Always
 * written, because Patroni takes a missing section for `automatic`.
 */
export function watchdogSection(mode: WatchdogMode): YamlValue {
  return mode === 'off' ? { mode } : { mode, device: DEVICE, safety_margin: 5 }
}

/**
 * A drop-in of this one instance, since the unit is everybody's on the host. Patroni runs as postgres and the device is
 * root's; a host without one gets the kernel's own timer, which does not survive a hanging kernel.
 */
export function watchdogAccess(
  mode: WatchdogMode,
  instance: string,
): { readonly directories: readonly DirectoryItem[]; readonly files: readonly FileItem[] } {
  if (mode === 'off') return { directories: [], files: [] }
  const directory = `/etc/systemd/system/${patroniUnit(instance)}.d`
  const reload = { unit: 'drover-patroni@.service', verb: 'daemon-reload' } as const
  return {
    directories: [rootDirectory(directory)],
    files: [publicFile(`${directory}/watchdog.conf`, DROP_IN, [reload])],
  }
}

/** `-`: a host without a device still starts PostgreSQL; whether it may be primary is Patroni's to say. */
const DROP_IN = `[Service]
ExecStartPre=-+/bin/sh -c 'test -e ${DEVICE} || /sbin/modprobe -q softdog; chown postgres ${DEVICE}'
`

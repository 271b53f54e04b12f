import type { PauseDeadlineArgs } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Exec } from '../host/host.ts'
import { deadlinePath, plain, unpauseUnit } from '../host/pause-deadline-file.ts'
import type { Systemd } from '../host/systemd.ts'
import type { Executor } from './executor.ts'

const SCRIPT = '/usr/local/lib/drover-unpause.py'
const TIMEOUT_MS = 10_000

/**
 * The timer is a file, enabled: it survives a reboot of the host, and goes off at once when its time passed meanwhile. When Patroni
 * cannot be reached then, it tries again every half minute, and takes itself away once it has succeeded. Errors: `failed` when
 * systemd refuses, `invalid` for names that cannot stand in a unit.
 */
export function createPauseDeadline(parts: {
  readonly exec: Exec
  readonly files: Pick<HostFiles, 'writeAtomic' | 'remove'>
  readonly systemd: Pick<Systemd, 'daemonReload'>
}): Executor<'patroni.pause-deadline'> {
  const { exec, files, systemd } = parts

  async function systemctl(verb: 'enable' | 'disable', args: PauseDeadlineArgs, signal: AbortSignal): Promise<void> {
    const argv = ['systemctl', '--quiet', verb, '--now', `${unpauseUnit(args.instance)}.timer`] as const
    const { code, stderr } = await exec({ argv, timeoutMs: TIMEOUT_MS, signal })
    if (code !== 0 && verb === 'enable')
      throw new DroverError('failed', `the timer of ${args.instance} cannot be armed: ${stderr.trim().slice(0, 300)}`)
  }

  return async ({ args, signal }) => {
    const path = deadlinePath(args.instance).replace(/\.timer$/, '')
    // A timer whose file has changed keeps its old time until it is started again.
    await systemctl('disable', args, signal)
    if (args.until === null) {
      await files.remove({ path: `${path}.timer` })
      await files.remove({ path: `${path}.service` })
      await systemd.daemonReload(signal)
      return {}
    }
    await files.writeAtomic({ path: SCRIPT, content: SCRIPT_TEXT, mode: 0o644 })
    await files.writeAtomic({ path: `${path}.service`, content: serviceText(args), mode: 0o644 })
    await files.writeAtomic({ path: `${path}.timer`, content: timerText(args.instance, args.until), mode: 0o644 })
    await systemd.daemonReload(signal)
    await systemctl('enable', args, signal)
    return {}
  }
}

/** Rounded up to a second, which is what `OnCalendar` knows of Unix time. */
function timerText(instance: string, until: number): string {
  return `# Drover: turns automatic failover of ${plain(instance)}'s cluster on again
# until ${until}
[Unit]
Description=Drover: end of the pause of automatic failover, ${plain(instance)}

[Timer]
OnCalendar=@${Math.ceil(until / 1000)}
OnUnitInactiveSec=30
AccuracySec=1
Persistent=true

[Install]
WantedBy=timers.target
`
}

function serviceText(args: PauseDeadlineArgs): string {
  const words = [args.patroniUrl, args.caPath, args.certPath, args.keyPath].map(plain)
  return `[Unit]
Description=Drover: turn automatic failover on again, ${plain(args.instance)}

[Service]
Type=oneshot
ExecStart=/usr/bin/python3 ${SCRIPT} ${words.join(' ')}
ExecStartPost=-/bin/systemctl --no-block disable --now ${unpauseUnit(args.instance)}.timer
TimeoutStartSec=60
`
}

/** Says nothing new to a Patroni that is not paused. */
const SCRIPT_TEXT = `"""Tells Patroni that its cluster is no longer paused: URL, CA, certificate, key."""
import json
import ssl
import sys
import urllib.request

url, ca, certificate, key = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
context.load_cert_chain(certificate, key)
request = urllib.request.Request(
    url + '/config', data=json.dumps({'pause': None}).encode(), method='PATCH', headers={'Content-Type': 'application/json'}
)
urllib.request.urlopen(request, context=context, timeout=30).read()
`

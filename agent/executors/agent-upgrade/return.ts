import { DroverError } from '../../../shared/domain/errors.ts'
import type { HostFiles } from '../../host/files-types.ts'
import type { Exec } from '../../host/host.ts'
import type { Systemd } from '../../host/systemd.ts'
import { AGENT_UNIT, GIVEN_UP, RETURN_SCRIPT, RETURN_TO, RETURN_UNIT, UNIT_FILE, VERSIONS } from './places.ts'

export interface ReturnParts {
  readonly exec: Exec
  readonly files: Pick<HostFiles, 'writeAtomic' | 'remove'>
  readonly systemd: Pick<Systemd, 'daemonReload'>
}

export interface Return {
  readonly from: string
  readonly to: string
  /** Unix milliseconds. */
  readonly until: number
  /** `to` is what the package of this host brings: systemd then reads no other unit. */
  readonly isInstalled: boolean
}

const TIMEOUT_MS = 10_000
const UNITS = '/etc/systemd/system'

/**
 * The way back needs nothing but systemd and a shell: a timer that is enabled, so that it survives a reboot, and looks every ten seconds
 * whether the time has come. Every line of the script may run again after a loss of power.
 */
export async function armReturn(wanted: Return, parts: ReturnParts, signal: AbortSignal): Promise<void> {
  const { files, systemd } = parts
  const write = (path: string, content: string) => files.writeAtomic({ path, content, mode: 0o644 })
  await write(RETURN_SCRIPT, scriptText(wanted))
  await write(`${UNITS}/${RETURN_UNIT}.service`, serviceText(wanted))
  await write(`${UNITS}/${RETURN_UNIT}.timer`, timerText(wanted))
  await systemd.daemonReload(signal)
  await systemctl(['enable', '--now', `${RETURN_UNIT}.timer`], parts, signal)
}

/** What is on its way back is halted first: the unit's file says afterwards which version it is. Nothing happens when nothing is armed. */
export async function haltReturn(parts: ReturnParts, signal: AbortSignal): Promise<void> {
  await systemctl(['disable', '--now', `${RETURN_UNIT}.timer`], parts, signal).catch(() => signal.throwIfAborted())
  await systemctl(['stop', `${RETURN_UNIT}.service`], parts, signal).catch(() => signal.throwIfAborted())
}

/** {@link RETURN_TO} stays: it says which version came before. */
export async function forgetReturn(parts: ReturnParts, signal: AbortSignal): Promise<void> {
  const { files, systemd } = parts
  for (const path of [`${UNITS}/${RETURN_UNIT}.timer`, `${UNITS}/${RETURN_UNIT}.service`, RETURN_SCRIPT])
    await files.remove({ path })
  await systemd.daemonReload(signal)
}

/** In a second, by systemd, which is there when this agent is not. */
export async function restartSoon({ exec }: Pick<ReturnParts, 'exec'>, signal: AbortSignal): Promise<void> {
  const argv = ['systemd-run', '--quiet', '--collect', '--on-active=1', '--timer-property=AccuracySec=100ms'] as const
  const { code, stderr } = await exec({
    argv: [...argv, 'systemctl', '--no-block', 'restart', AGENT_UNIT],
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  if (code !== 0) throw new DroverError('failed', `systemd does not restart the agent: ${stderr.trim().slice(0, 300)}`)
}

async function systemctl(
  args: readonly string[],
  { exec }: Pick<ReturnParts, 'exec'>,
  signal: AbortSignal,
): Promise<void> {
  const { code, stderr } = await exec({ argv: ['systemctl', '--quiet', ...args], timeoutMs: TIMEOUT_MS, signal })
  if (code !== 0) throw new DroverError('failed', `systemctl ${args.join(' ')} failed: ${stderr.trim().slice(0, 300)}`)
}

export function scriptText({ from, to, until, isInstalled }: Return): string {
  const back = isInstalled
    ? `rm -f ${UNIT_FILE}`
    : `cp ${RETURN_TO} ${UNIT_FILE}.back
sync ${UNIT_FILE}.back
mv -f ${UNIT_FILE}.back ${UNIT_FILE}`
  return `# Drover: from agent ${from} back to ${to}, unless it is kept
set -eu
[ "$(date +%s)" -ge ${Math.ceil(until / 1000)} ] || exit 0
if [ ! -e ${GIVEN_UP} ]; then
  { echo ${from}; journalctl --quiet --no-pager --output=cat --lines=5 --unit=${AGENT_UNIT} || true; } >${VERSIONS}/.given-up
  mv -f ${VERSIONS}/.given-up ${GIVEN_UP}
fi
${back}
sync /etc/systemd/system
systemctl daemon-reload
systemctl reset-failed ${AGENT_UNIT} || true
systemctl --no-block restart ${AGENT_UNIT}
systemctl --quiet disable ${RETURN_UNIT}.timer
systemctl --no-block stop ${RETURN_UNIT}.timer
rm -f ${UNITS}/${RETURN_UNIT}.timer ${UNITS}/${RETURN_UNIT}.service
`
}

function serviceText({ from, to }: Return): string {
  return `[Unit]
Description=Drover: from agent ${from} back to ${to}, unless it is kept

[Service]
Type=oneshot
ExecStart=/bin/sh ${RETURN_SCRIPT}
TimeoutStartSec=60
`
}

function timerText({ from }: Return): string {
  return `[Unit]
Description=Drover: looks whether agent ${from} was kept

[Timer]
OnCalendar=*:*:0/10
AccuracySec=1

[Install]
WantedBy=timers.target
`
}

import { type Fact, known, type NodeFacts, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { firstKnown } from './fact-reader.ts'

const TIMESYNCD_DONE = '/run/systemd/timesync/synchronized'
/** What each time service leaves in /run while it works. */
const SERVICES = [
  { path: '/run/chrony/chronyd.pid', name: 'chrony' },
  { path: '/run/chronyd.pid', name: 'chrony' },
  { path: '/run/ntpd.pid', name: 'ntpd' },
  { path: '/run/openntpd.pid', name: 'openntpd' },
  { path: '/run/systemd/timesync', name: 'systemd-timesyncd' },
] as const

/** Whether the kernel's clock is kept in step, and by which service. How far it is off is measured by the session, not here. */
export async function clockFacts(options: {
  readonly host: Pick<Host, 'files' | 'exec'>
  readonly signal: AbortSignal
}): Promise<NodeFacts['clock']> {
  const { host, signal } = options
  return {
    synchronized: await firstKnown(
      () => fromTimedatectl(host, signal),
      () => fromTimesyncd(host),
    ),
    source: await timeService(host),
  }
}

/** timedatectl asks adjtimex(2), so this is right for every time service; a container sees the clock of its host. */
async function fromTimedatectl(host: Pick<Host, 'exec'>, signal: AbortSignal): Promise<Fact<boolean>> {
  const argv = ['timedatectl', 'show', '--property=NTPSynchronized', '--value'] as const
  try {
    const { code, stdout } = await host.exec({ argv: [...argv], timeoutMs: 5_000, signal })
    const answer = stdout.trim()
    if (code === 0 && (answer === 'yes' || answer === 'no')) return known(answer === 'yes', 'timedatectl')
    return unknown('timedatectl gives no answer')
  } catch {
    signal.throwIfAborted()
    return unknown('timedatectl cannot be run')
  }
}

/** The marker proves a first synchronisation; its absence proves nothing while another service may keep the time. */
async function fromTimesyncd(host: Pick<Host, 'files'>): Promise<Fact<boolean>> {
  const done = await host.files.stat(TIMESYNCD_DONE)
  return done === null ? unknown(`${TIMESYNCD_DONE} is absent`) : known(true, TIMESYNCD_DONE)
}

async function timeService(host: Pick<Host, 'files'>): Promise<Fact<string>> {
  for (const { path, name } of SERVICES) {
    if ((await host.files.stat(path)) !== null) return known(name, path)
  }
  return unknown('no time service has left a trace in /run')
}

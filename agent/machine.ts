import type { ConvergeResult } from '../shared/domain/manifest.ts'
import type { Clock } from '../shared/lib/clock.ts'
import type { Log } from '../shared/lib/log.ts'
import type { AgentPaths } from './agent-paths.ts'
import { type ConvergeRequest, converge } from './converge/converge.ts'
import type { IssueCertificate } from './converge/converge-host.ts'
import { createDriftWatch, type DriftWatch } from './converge/drift-watch.ts'
import { type ManifestStore, openManifestStore } from './converge/manifest-store.ts'
import type { Host } from './host/host.ts'
import { createPackages } from './host/packages.ts'
import { createSystemd } from './host/systemd.ts'
import type { SerialLock } from './session/serial-lock.ts'

export interface MachineParts {
  readonly host: Host
  readonly paths: AgentPaths
  readonly issueCertificate: IssueCertificate
  /** Held by whoever changes the machine. */
  readonly lock: SerialLock
  /** Packages may have changed. */
  readonly onChanged: () => void
  readonly clock: Clock
  readonly log: Log
}

/** The machine as its manifest wants it: converge on command, drift on the agent's own schedule. */
export interface Machine {
  readonly converge: (request: ConvergeRequest) => Promise<ConvergeResult>
  readonly manifests: ManifestStore
  readonly drift: DriftWatch
}

export async function createMachine(parts: MachineParts): Promise<Machine> {
  const { host, paths, lock, clock, log } = parts
  const systemd = createSystemd(host)
  const packages = createPackages(host)
  const manifests = await openManifestStore({ files: host.files, path: `${paths.state}/manifest.json` })
  const convergeParts = {
    host: { ...host, systemd, packages },
    clock,
    issueCertificate: parts.issueCertificate,
    ledgerPath: `${paths.state}/reactions.json`,
  }
  const drift = createDriftWatch({
    manifests,
    clock,
    log,
    dryRun: async (manifest, signal) =>
      lock.busy ? null : converge({ manifest, dryRun: true, signal }, convergeParts),
    renew: (manifest, signal) => lock.run(() => converge({ manifest, dryRun: false, signal }, convergeParts), signal),
  })
  // A killed installation may have left services forbidden to start; nothing else undoes that.
  await packages.recover()

  async function onCommand(request: ConvergeRequest): Promise<ConvergeResult> {
    const result = await converge(request, convergeParts)
    if (!request.dryRun) {
      if (result.items.some(({ kind, status }) => kind === 'package' && status === 'changed')) parts.onChanged()
      if (!isComplete(result)) return result
      await manifests.save(request.manifest)
    }
    // A look at another manifest than the current one says nothing about drift.
    const hash = manifests.hashOf(request.manifest)
    if (hash === manifests.hash()) drift.learn(hash, result)
    return result
  }

  return { converge: onCommand, manifests, drift }
}

function isComplete(result: ConvergeResult): boolean {
  return result.items.every(({ status }) => status === 'ok' || status === 'changed')
}

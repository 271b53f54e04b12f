import type { ConvergeResult, LinkItem, Manifest } from '../../shared/domain/manifest.ts'
import { RUNTIMES } from '../../shared/domain/runtime.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { certificateStep } from './certificate-step.ts'
import type { ConvergeHost, IssueCertificate } from './converge-host.ts'
import { type ConvergeRun, createConvergeRun } from './converge-run.ts'
import { directoryStep } from './directory-step.ts'
import { fileStep } from './file-step.ts'
import { leftoverStep } from './leftover-step.ts'
import { linkStep } from './link-step.ts'
import { createOwners, type Owners } from './owners.ts'
import { settlePackageSource, settlePackages } from './package-phase.ts'
import { openReactionLedger } from './reaction-ledger.ts'
import { collectRuntimes, settleRuntimes } from './runtime-step.ts'
import { type Step, settle } from './step.ts'
import { settleMasks, settleUnits } from './unit-phase.ts'
import { userStep } from './user-step.ts'

export interface ConvergeParts {
  readonly host: ConvergeHost
  readonly clock: Clock
  readonly issueCertificate: IssueCertificate
  /** Where owed reloads and restarts are remembered. */
  readonly ledgerPath: string
}

export interface ConvergeRequest {
  readonly manifest: Manifest
  /** Report the difference, change nothing. */
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly progress?: (line: string) => void
}

/**
 * Makes the manifest so, in the order that {@link Manifest} states. An item that fails is a result, not an error: what depends on it is
 * skipped, the rest goes on. Repeating it is always safe, also after a kill at any point. Throws only when aborted.
 */
export async function converge(request: ConvergeRequest, parts: ConvergeParts): Promise<ConvergeResult> {
  const { manifest, dryRun, signal, progress = () => undefined } = request
  const { host } = parts
  const reactions = await openReactionLedger({ files: host.files, path: parts.ledgerPath })
  const run = createConvergeRun({ dryRun, signal, progress, reactions })
  const early = createOwners(host.accounts)

  if (!dryRun) await host.packages.recover()
  await settlePackageSource(manifest, host, run)
  const masks = await settleMasks(manifest, host, run)
  await settleFiles(manifest, { owners: early, host, beforePackages: true }, run)
  await settlePackages(manifest, host, run)
  await settleRuntimes(manifest, host, run)
  for (const item of manifest.users) await settle(userStep(item, { ...host, signal }), run)
  const owners = createOwners(host.accounts)
  for (const item of manifest.directories) {
    await settle(whenOwned(directoryStep(item, { files: host.files, owners }), item, { owners, run }), run)
  }
  await settleCertificates(manifest, { parts, owners }, run)
  await settleFiles(manifest, { owners, host, beforePackages: false }, run)
  for (const item of manifest.links ?? [])
    await settle({ ...linkStep(item, host), blocked: async () => unready(item, run) }, run)
  await settleUnits(manifest, { ...host, clock: parts.clock }, { run, masks })
  for (const item of manifest.leftovers ?? [])
    await settle({ ...leftoverStep(item, manifest, host), blocked: async () => unstopped(manifest, run) }, run)
  if (run.trouble() === 0) await collectRuntimes(manifest, host, run)
  return { dryRun, items: run.results }
}

/** Nobody is led to a runtime that is not there. */
function unready({ target }: LinkItem, run: ConvergeRun): string | null {
  const id = target.startsWith(`${RUNTIMES}/`) ? target.slice(RUNTIMES.length + 1).split('/')[0] : undefined
  return id !== undefined && run.hasFailed('runtime', id) ? `runtime ${id} is not there` : null
}

/** What could not be stopped still needs its files. */
function unstopped({ units }: Manifest, run: ConvergeRun): string | null {
  const running = units.find(({ name, state }) => state === 'stopped' && run.hasFailed('unit', name))
  return running === undefined ? null : `${running.name} could not be stopped`
}

async function settleFiles(
  manifest: Manifest,
  parts: { readonly owners: Owners; readonly host: ConvergeHost; readonly beforePackages: boolean },
  run: ConvergeRun,
): Promise<void> {
  const { owners, host, beforePackages } = parts
  for (const item of manifest.files.filter(file => (file.beforePackages ?? false) === beforePackages)) {
    const reactions = isUnitFile(item.path)
      ? [...item.reactions, { unit: '', verb: 'daemon-reload' as const }]
      : item.reactions
    const step = fileStep({ ...item, reactions }, { files: host.files, owners })
    await settle(whenOwned(step, item, { owners, run }), run)
  }
}

async function settleCertificates(
  manifest: Manifest,
  { parts, owners }: { readonly parts: ConvergeParts; readonly owners: Owners },
  run: ConvergeRun,
): Promise<void> {
  const { host, clock, issueCertificate } = parts
  for (const item of manifest.certificates) {
    const step = certificateStep(item, {
      files: host.files,
      owners,
      issueCertificate,
      now: () => clock.now(),
      signal: run.signal,
    })
    await settle(whenOwned(step, { ...item, path: item.keyPath }, { owners, run }), run)
  }
}

/** An item whose user or directory could not be made is skipped instead of failing a second time for the same reason. */
function whenOwned(
  step: Step,
  item: { readonly owner: string; readonly group: string; readonly path: string },
  { owners, run }: { readonly owners: Owners; readonly run: ConvergeRun },
): Step {
  return {
    ...step,
    blocked: async () => {
      const missing = await owners.missing({ ...item, mode: '0' })
      if (missing !== null && (run.hasFailed('package') || run.hasFailed('user'))) {
        return `${missing} does not exist because an earlier item failed`
      }
      const parent = parentsOf(item.path).find(path => run.hasFailed('directory', path))
      return parent === undefined ? null : `its directory ${parent} failed`
    },
  }
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(1, -1).map((_, index) => parts.slice(0, index + 2).join('/'))
}

function isUnitFile(path: string): boolean {
  return /^\/(etc|run|usr\/lib|lib)\/systemd\/system\//.test(path)
}

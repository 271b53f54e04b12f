import { DroverError } from '../../shared/domain/errors.ts'
import { type ConvergeResult, EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { type DriftReport, driftItems } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { ManifestStore } from './manifest-store.ts'

/** Repeats the dry run of the current manifest, and renews the certificates in it. Everything else that differs is only reported. */
export interface DriftWatch {
  /** Of the current manifest; undefined before the first look at it. */
  report(): DriftReport | undefined
  /** Compares now. Null: nothing was applied yet, or a command is just changing the machine. */
  look(signal: AbortSignal): Promise<DriftReport | null>
  /** A dry run that somebody else has made of this manifest counts as well. */
  learn(manifestHash: string, result: ConvergeResult): void
  run(signal: AbortSignal): Promise<void>
}

const EVERY_MS = 60_000

export function createDriftWatch(parts: {
  readonly manifests: ManifestStore
  /** Must not run beside a command that changes the machine; null when one is running. */
  readonly dryRun: (manifest: Manifest, signal: AbortSignal) => Promise<ConvergeResult | null>
  readonly renew: (manifest: Manifest, signal: AbortSignal) => Promise<ConvergeResult>
  readonly clock: Clock
  readonly log: Log
}): DriftWatch {
  const { manifests, clock, log } = parts
  let report: DriftReport | undefined

  async function dryRun(signal: AbortSignal): Promise<{ manifest: Manifest; result: ConvergeResult } | null> {
    const manifest = await manifests.load()
    if (manifest === null) return null
    const manifestHash = manifests.hash()
    const result = await parts.dryRun(manifest, signal)
    if (result === null) return null
    learn(manifestHash, result)
    return { manifest, result }
  }

  async function lookAndRenew(signal: AbortSignal): Promise<void> {
    const seen = await dryRun(signal)
    if (seen === null) return
    const { manifest, result } = seen
    const due = manifest.certificates.filter(({ name }) => isDifferent(result, 'certificate', name))
    if (due.length === 0) return
    log.info('renewing certificates of this node', { names: due.map(({ name }) => name) })
    const renewed = await parts.renew({ ...EMPTY_MANIFEST, certificates: due }, signal)
    for (const { name, status, detail } of renewed.items) {
      if (status === 'failed') log.warn('a certificate could not be renewed', { name, detail })
    }
  }

  function learn(manifestHash: string, result: ConvergeResult): void {
    report = { checkedAt: clock.now(), manifestHash, items: driftItems(result) }
  }

  function current(): DriftReport | undefined {
    return report?.manifestHash === manifests.hash() ? report : undefined
  }

  return {
    learn,
    report: current,
    look: async signal => ((await dryRun(signal)) === null ? null : (current() ?? null)),
    run: async signal => {
      while (!signal.aborted) {
        await clock.sleep(EVERY_MS * (0.8 + Math.random() * 0.4), signal).catch(() => undefined)
        if (signal.aborted) return
        try {
          await lookAndRenew(signal)
        } catch (error) {
          if (!signal.aborted) log.warn('the drift check failed', { reason: DroverError.from(error).message })
        }
      }
    },
  }
}

function isDifferent(result: ConvergeResult, kind: string, name: string): boolean {
  return result.items.some(item => item.kind === kind && item.name === name && item.status === 'would-change')
}

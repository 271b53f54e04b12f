import type { ClusterDrift } from '../../shared/domain/cluster-drift.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import type { DriftReport } from '../../shared/domain/observation.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Operations } from './operations.ts'

const LOOK_EVERY_MS = 15_000
/** Twice as long after each repair that was followed by drift again: somebody, or something, does it. */
const FIRST_PAUSE_MS = 2 * 60_000
const LONGEST_PAUSE_MS = 6 * 3_600_000
/** Without drift for so long, the next one is new. */
const FORGIVEN_AFTER_MS = 3_600_000

export interface DriftScene {
  readonly policy: NonNullable<FleetSpec['fleet']['parameters']['drift']>
  /** Nodes that are there and have drifted from what was applied. */
  readonly drifted: readonly {
    readonly node: string
    readonly manifest: Manifest
    readonly items: DriftReport['items']
  }[]
  /** Clusters that are not as they were applied, beyond what their nodes' manifests hold. */
  readonly clusters: readonly ClusterDrift[]
}

/**
 * With the policy `repair`, begins an apply of what was applied where drift is seen: one at a time, audited, with growing pauses. What
 * would restart a service, change packages or take something away is left to people. Ends when aborted.
 */
export async function runDriftRepair(
  parts: {
    readonly scene: () => Promise<DriftScene>
    readonly operations: Pick<Operations, 'reapply'>
    readonly audit: {
      append(event: { type: string; actor: string; subject: string; detail: string }): Promise<unknown>
    }
    readonly clock: Clock
    readonly log: Log
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, operations, audit } = parts
  let pauseMs = FIRST_PAUSE_MS
  let notBefore = Number.NEGATIVE_INFINITY
  let lastRepair = Number.NEGATIVE_INFINITY
  let said = ''
  while (!signal.aborted) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    try {
      await look()
    } catch (error) {
      const { code, message } = DroverError.from(error)
      if (code === 'locked' || signal.aborted) continue
      postpone()
      log.warn('drift was not repaired', { reason: message })
    }
  }

  async function look(): Promise<void> {
    const { policy, drifted, clusters } = await parts.scene()
    if (clock.monotonic() - lastRepair > FORGIVEN_AFTER_MS) pauseMs = FIRST_PAUSE_MS
    if (policy !== 'repair' || clock.monotonic() < notBefore) return
    const risky = drifted.flatMap(({ node, manifest, items }) =>
      items.filter(item => !isHarmless(item, manifest)).map(({ kind, name }) => `${kind} ${name} on ${node}`),
    )
    const others = clusters.flatMap(({ cluster, items }) =>
      items.filter(({ repair }) => repair.by !== 'apply').map(({ kind, name }) => `${kind} ${name} of ${cluster}`),
    )
    const mended = [
      ...drifted.flatMap(({ node, items }) => items.map(({ kind, name }) => ({ of: node, what: `${kind} ${name}` }))),
      ...clusters.flatMap(({ cluster, items }) =>
        items
          .filter(({ repair }) => repair.by === 'apply')
          .map(({ kind, name }) => ({ of: cluster, what: `${kind} ${name}` })),
      ),
    ]
    await tellWhatIsLeft(
      [...risky, ...others],
      [...drifted.map(({ node }) => node), ...clusters.map(each => each.cluster)],
    )
    if (risky.length > 0 || mended.length === 0) return
    const subject = [...new Set(mended.map(each => each.of))].join(', ')
    const operationId = await operations.reapply({ actor: 'drover', signal })
    postpone()
    if (operationId === null) return
    lastRepair = clock.monotonic()
    const what = mended.slice(0, 5).map(each => each.what)
    const detail = `operation ${operationId}: ${what.join(', ')}`
    await audit.append({ type: 'drift:repair', actor: 'drover', subject, detail })
    log.info('repairing drift', { operationId, subject })
  }

  /** Once, until something else is left. */
  async function tellWhatIsLeft(left: readonly string[], subjects: readonly string[]): Promise<void> {
    const detail = left.length === 0 ? '' : `left to people: ${left.slice(0, 5).join(', ')}`
    if (detail !== said && detail !== '')
      await audit.append({ type: 'drift:left', actor: 'drover', subject: subjects.join(', '), detail })
    said = detail
  }

  function postpone(): void {
    notBefore = clock.monotonic() + pauseMs
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** Pure. A unit that is not as it should be is started or stopped, never restarted. */
export function isHarmless(item: DriftReport['items'][number], manifest: Manifest): boolean {
  const reactions = [
    ...manifest.files.filter(({ path }) => path === item.name),
    ...manifest.certificates.filter(({ name }) => name === item.name),
  ].flatMap(each => each.reactions)
  return item.kind !== 'package' && reactions.every(({ verb }) => verb !== 'restart')
}

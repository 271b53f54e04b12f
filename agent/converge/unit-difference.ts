import type { UnitItem } from '../../shared/domain/manifest.ts'
import type { UnitStatus } from '../host/systemd.ts'

export interface UnitView {
  readonly item: UnitItem
  readonly masked: boolean
  /** Null for a template, or when nothing about the unit needs asking. */
  readonly status: UnitStatus | null
}

/** What has to be done to one unit. */
export interface UnitDifference {
  readonly mask: boolean
  readonly unmask: boolean
  readonly enable: boolean
  readonly disable: boolean
  readonly start: boolean
  readonly stop: boolean
  /** For a person; null when nothing differs. */
  readonly text: string | null
}

export function unitDifference({ item, masked, status }: UnitView): UnitDifference {
  const isEnabled = status !== null && BOOT_STATES.has(status.enablement)
  const isRunning = status !== null && (status.active === 'active' || status.active === 'reloading')
  const isStopped = status === null || status.active === 'inactive' || status.active === 'failed'
  const mask = item.enablement === 'masked' && !masked
  const unmask = (item.enablement === 'enabled' || item.enablement === 'disabled') && masked
  const enable = item.enablement === 'enabled' && !isEnabled
  const disable = item.enablement === 'disabled' && (status?.enablement.startsWith('enabled') ?? false)
  const start = item.state === 'started' && !isRunning
  const stop = item.state === 'stopped' && !isStopped
  const found = status?.load === 'not-found' ? 'not installed' : `${status?.active} (${status?.sub})`
  const parts = [
    ...(mask ? ['is not masked'] : []),
    ...(unmask ? ['is masked'] : []),
    ...(enable ? [`is ${status?.enablement || 'not enabled'}, not enabled`] : []),
    ...(disable ? ['is enabled, not disabled'] : []),
    ...(start ? [`is ${found}, not started`] : []),
    ...(stop ? [`is ${found}, not stopped`] : []),
  ]
  return { mask, unmask, enable, disable, start, stop, text: parts.length === 0 ? null : parts.join('; ') }
}

/** Units that come with the boot, or whose kind cannot be enabled because something else brings them. */
const BOOT_STATES = new Set(['enabled', 'generated', 'alias'])

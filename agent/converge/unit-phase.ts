import type { Manifest, UnitItem } from '../../shared/domain/manifest.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { Systemd, UnitStatus } from '../host/systemd.ts'
import type { ConvergeRun } from './converge-run.ts'
import { takenPorts } from './port-check.ts'
import { failureText } from './step.ts'
import { type UnitDifference, unitDifference } from './unit-difference.ts'
import { waitForUnits } from './wait-for-units.ts'

export interface UnitParts {
  readonly systemd: Systemd
  readonly clock: Clock
  readonly files: HostFiles
}

/** Longest wait for started units to come up; what is still starting then counts as failed. */
const START_TIMEOUT_MS = 90_000

/** Masks come first of all, so that a package that is about to be installed cannot start what the manifest forbids. */
export async function settleMasks(
  manifest: Manifest,
  parts: Pick<UnitParts, 'systemd'>,
  run: ConvergeRun,
): Promise<MaskOutcome> {
  const changed = new Set<string>()
  const failed = new Map<string, string>()
  for (const { name } of manifest.units.filter(unit => unit.enablement === 'masked')) {
    try {
      if (run.dryRun || (await parts.systemd.isMasked(name))) continue
      await parts.systemd.mask(name)
      changed.add(name)
    } catch (error) {
      failed.set(name, failureText(error))
    }
  }
  if (changed.size > 0) await parts.systemd.daemonReload(run.signal)
  return { changed, failed }
}

export interface MaskOutcome {
  readonly changed: ReadonlySet<string>
  readonly failed: ReadonlyMap<string, string>
}

interface UnitWork {
  readonly item: UnitItem
  readonly difference: UnitDifference
  readonly reaction: 'reload' | 'restart' | null
}

export async function settleUnits(
  manifest: Manifest,
  parts: UnitParts,
  { run, masks }: { readonly run: ConvergeRun; readonly masks: MaskOutcome },
): Promise<void> {
  const { systemd } = parts
  const owed = run.reactions.owed()
  const declared = new Set(manifest.units.map(({ name }) => name))
  const others = [...owed.keys()].filter(name => !declared.has(name)).map(toUnmanaged)
  const items = [...manifest.units, ...others]
  const asked = items.filter(needsStatus).map(({ name }) => name)
  let states = await systemd.show([...new Set([...asked, ...owed.keys()])], run.signal)
  if (!run.dryRun && (run.reactions.daemonReload() || [...states.values()].some(status => status.stale))) {
    await systemd.daemonReload(run.signal)
    states = await systemd.show([...states.keys()], run.signal)
  }
  const works = await Promise.all(items.map(item => toWork({ item, states, owed, systemd })))
  if (run.dryRun) return reportDifferences(works, run)
  await applyWorks(works, parts, { run, masks, states })
}

function toUnmanaged(name: string): UnitItem {
  return { name, enablement: 'unmanaged', state: 'unmanaged' }
}

/** A mask is a file and needs no question to systemd. */
function needsStatus(item: UnitItem): boolean {
  return item.state !== 'unmanaged' || item.enablement === 'enabled' || item.enablement === 'disabled'
}

async function toWork(options: {
  readonly item: UnitItem
  readonly states: ReadonlyMap<string, UnitStatus>
  readonly owed: ReadonlyMap<string, 'reload' | 'restart'>
  readonly systemd: Systemd
}): Promise<UnitWork> {
  const { item, states, owed, systemd } = options
  const masked = item.enablement === 'unmanaged' ? false : await systemd.isMasked(item.name)
  const status = states.get(item.name) ?? null
  const isActive = status?.active === 'active' || status?.active === 'reloading'
  // A unit that does not run reads its files when it starts.
  const reaction = isActive ? (owed.get(item.name) ?? null) : null
  return { item, difference: unitDifference({ item, masked, status }), reaction }
}

function reportDifferences(works: readonly UnitWork[], run: ConvergeRun): void {
  for (const { item, difference, reaction } of works) {
    const owed = reaction === null ? [] : [`a ${reaction} is owed since one of its files changed`]
    const detail = [...(difference.text === null ? [] : [difference.text]), ...owed].join('; ')
    if (detail === '') run.record({ kind: 'unit', name: item.name, status: 'ok' })
    else run.record({ kind: 'unit', name: item.name, status: 'would-change', detail })
  }
}

async function applyWorks(
  works: readonly UnitWork[],
  parts: UnitParts,
  context: {
    readonly run: ConvergeRun
    readonly masks: MaskOutcome
    readonly states: ReadonlyMap<string, UnitStatus>
  },
): Promise<void> {
  const { systemd } = parts
  const { run, masks } = context
  const failed = new Map<string, string>(masks.failed)
  const names = (chosen: (work: UnitWork) => boolean) =>
    works.filter(work => chosen(work) && !failed.has(work.item.name)).map(({ item }) => item.name)
  const attempt = (unitNames: readonly string[], act: (some: readonly string[]) => Promise<void>) =>
    eachOnFailure(unitNames, act, { run, failed })

  const unmask = names(({ difference }) => difference.unmask)
  await attempt(unmask, async some => {
    for (const name of some) await systemd.unmask(name)
  })
  if (unmask.length > 0) await systemd.daemonReload(run.signal)
  const disable = names(({ difference }) => difference.disable)
  const enable = names(({ difference }) => difference.enable)
  await attempt(disable, some => systemd.run('disable', some, run.signal))
  await attempt(enable, some => systemd.run('enable', some, run.signal))
  // The other way round than they start, each when the former has ended: a pooler lets transactions end while there is a way to the server.
  for (const name of names(({ difference }) => difference.stop).toReversed())
    await attempt([name], some => systemd.run('stop', some, run.signal))

  const trouble = run.trouble()
  const due = new Set(trouble === 0 ? names(({ difference }) => difference.start) : [])
  const dueItems = works.map(({ item }) => item).filter(({ name }) => due.has(name))
  for (const [name, problem] of await takenPorts(dueItems, { ...parts, signal: run.signal })) failed.set(name, problem)
  const start = [...due].filter(name => !failed.has(name))
  const calm = ({ item }: UnitWork) => !run.troubledUnits.has(item.name)
  const restart = names(work => work.reaction === 'restart' && calm(work))
  const reload = names(work => work.reaction === 'reload' && calm(work))
  if (start.length > 0) run.progress(`starting ${start.join(', ')}`)
  await attempt(start, some => systemd.begin('start', some, run.signal))
  if (restart.length > 0) run.progress(`restarting ${restart.join(', ')}`)
  await attempt(restart, some => systemd.begin('restart', some, run.signal))
  await attempt(reload, some => systemd.run('reload', some, run.signal))
  const begun = [...start, ...restart].filter(name => !failed.has(name))
  const wait = { ...parts, signal: run.signal, timeoutMs: START_TIMEOUT_MS }
  for (const [name, problem] of await waitForUnits(begun, wait)) failed.set(name, problem)

  const done = [...start, ...restart, ...reload].filter(name => !failed.has(name))
  const idle = [...run.reactions.owed().keys()].filter(name => isDown(context.states.get(name)))
  await run.reactions.settled([...done, ...idle])
  const changed = new Set([...masks.changed, ...unmask, ...enable, ...disable, ...done])
  for (const work of works) run.record(resultOf(work, { failed, changed, trouble }))
}

function isDown(status: UnitStatus | undefined): boolean {
  return status === undefined || status.active === 'inactive' || status.active === 'failed'
}

/** Tries all at once; when that fails, one by one, so that the one at fault is named and the others still happen. */
async function eachOnFailure(
  names: readonly string[],
  act: (names: readonly string[]) => Promise<void>,
  { run, failed }: { readonly run: ConvergeRun; readonly failed: Map<string, string> },
): Promise<void> {
  if (names.length === 0) return
  try {
    await act(names)
  } catch (error) {
    run.signal.throwIfAborted()
    const [only] = names
    if (only !== undefined && names.length === 1) {
      failed.set(only, failureText(error))
      return
    }
    for (const name of names) await eachOnFailure([name], act, { run, failed })
  }
}

function resultOf(
  { item, difference, reaction }: UnitWork,
  outcome: {
    readonly failed: ReadonlyMap<string, string>
    readonly changed: ReadonlySet<string>
    readonly trouble: number
  },
) {
  const base = { kind: 'unit', name: item.name } as const
  const problem = outcome.failed.get(item.name)
  if (problem !== undefined) return { ...base, status: 'failed', detail: problem } as const
  if (difference.start && outcome.trouble > 0) {
    const detail = `not started: ${outcome.trouble} earlier items failed or were skipped`
    return { ...base, status: 'skipped', detail } as const
  }
  const reacted = reaction !== null && outcome.changed.has(item.name) ? `${reaction}ed` : null
  const isMasked = outcome.changed.has(item.name) && item.enablement === 'masked' ? 'was not masked' : null
  const detail = [difference.text, reacted, isMasked].filter(part => part !== null).join('; ')
  return detail === '' ? ({ ...base, status: 'ok' } as const) : ({ ...base, status: 'changed', detail } as const)
}

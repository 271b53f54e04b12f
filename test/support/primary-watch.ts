import { fileURLToPath } from 'node:url'
import type { Lab } from '../../deploy/lab/lab.ts'
import { startNdjsonChild } from './ndjson-child.ts'

export interface MemberDoor {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** One acknowledged write; times of one monotonic clock, milliseconds. */
export interface WriteSpan {
  readonly member: string
  readonly sentAt: number
  readonly acknowledgedAt: number
}

export interface PrimaryWatchReport {
  readonly spans: readonly WriteSpan[]
}

/** Somebody who tries to write to every member all the time, past HAProxy and poolers. */
export interface PrimaryWatch extends AsyncDisposable {
  readonly stop: () => Promise<PrimaryWatchReport>
}

const entry = fileURLToPath(new URL('primary-watch-main.ts', import.meta.url))

/** The table `primary_watch` must be there. */
export async function startPrimaryWatch(
  lab: Lab,
  options: { readonly url: string; readonly members: readonly MemberDoor[] },
): Promise<PrimaryWatch> {
  const child = startNdjsonChild(await lab.inNamespaceCommand([process.execPath, entry]))
  await child.call('start', options)
  return { stop: () => child.call('stop', {}) as Promise<PrimaryWatchReport>, [Symbol.asyncDispose]: child.close }
}

/**
 * Writes that were sent to a member after another one had acknowledged one, although the first was never primary again in
 * between: with at most so many handovers in the order of the primaries there is none. Pure.
 */
export function overlaps({ spans }: PrimaryWatchReport): readonly string[] {
  const byTime = spans.toSorted((left, right) => left.acknowledgedAt - right.acknowledgedAt)
  const firstAcknowledged = new Map<string, number>()
  for (const { member, acknowledgedAt } of byTime)
    if (!firstAcknowledged.has(member)) firstAcknowledged.set(member, acknowledgedAt)
  return byTime.flatMap(({ member, sentAt }) =>
    [...firstAcknowledged]
      .filter(([other, at]) => other !== member && at > (firstAcknowledged.get(member) ?? 0) && sentAt > at)
      .map(([other, at]) => `${member} took a write ${Math.round(sentAt - at)} ms after ${other} had taken one`),
  )
}

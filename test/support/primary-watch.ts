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
  /** Of the WAL that holds it: each promotion begins a new one. */
  readonly timeline: number
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
 * Two members that took writes side by side: one was sent a write after another had acknowledged one on a later timeline, and
 * took it all the same; or two took writes on one timeline, in whatever order. Each pair is told once, with its first write. Pure.
 */
export function overlaps({ spans }: PrimaryWatchReport): readonly string[] {
  const reigns = new Map<string, Reign>()
  for (const span of spans.toSorted((left, right) => left.acknowledgedAt - right.acknowledgedAt)) {
    const name = `${span.timeline} ${span.member}`
    const known = reigns.get(name)
    const lastSentAt = Math.max(known?.lastSentAt ?? span.sentAt, span.sentAt)
    reigns.set(name, { ...(known ?? { ...span, firstAt: span.acknowledgedAt }), lastSentAt })
  }
  const all = [...reigns.values()]
  return all.flatMap(older =>
    all
      .filter(newer => newer.member !== older.member && isOverlap(older, newer))
      .map(
        newer =>
          `${older.member} took a write on timeline ${older.timeline} that was sent ${Math.round(older.lastSentAt - newer.firstAt)} ms after ${newer.member} had taken one on timeline ${newer.timeline}`,
      ),
  )
}

/** One member on one timeline. */
interface Reign {
  readonly member: string
  readonly timeline: number
  /** When its first write was acknowledged. */
  readonly firstAt: number
  readonly lastSentAt: number
}

function isOverlap(older: Reign, newer: Reign): boolean {
  if (older.timeline === newer.timeline) return older.member < newer.member
  return older.timeline < newer.timeline && older.lastSentAt > newer.firstAt
}

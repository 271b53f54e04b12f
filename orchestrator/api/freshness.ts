import type { NodeObservation } from '../../shared/domain/observation.ts'
import type { NodeView } from './fleet-view.ts'

/** An agent reports at least each ten seconds; what is older says nothing about now. */
const FRESH_MS = 15_000

export type Seen =
  | { readonly kind: 'fresh'; readonly observation: NodeObservation; readonly at: number }
  /** The node does not talk. */
  | { readonly kind: 'unreachable'; readonly at?: number }
  /** It talks, but has not said what it sees, or not lately. */
  | { readonly kind: 'unknown'; readonly at?: number }

/** What may be believed of a node now; an old observation is no longer the truth. */
export function seenOf(view: NodeView | undefined, now: number): Seen {
  const received = view?.live.observation
  const at = received === undefined ? {} : { at: received.receivedAt }
  if (received !== undefined && now - received.receivedAt <= FRESH_MS) {
    return { kind: 'fresh', observation: received.content, at: received.receivedAt }
  }
  return { kind: view === undefined || view.state === 'silent' ? 'unreachable' : 'unknown', ...at }
}

import { primaries } from './choose-primary.ts'
import type { Stage } from './improve.ts'
import { tried } from './relieve.ts'

/** Rounds over all clusters; the second one rarely finds anything. */
const ROUNDS = 4

/** Lets another member lead where its node, or else its loss domain, has fewer primaries. */
export function spreadPrimaries({ scene, freedom, within }: Stage): void {
  const { ledger } = scene
  for (let round = 0; round < ROUNDS; round += 1) {
    let changed = false
    for (const party of freedom.leaderless) {
      const around = primaries(scene, party)
      const crowd = (seat: (typeof party.seats)[number] | undefined): readonly [number, number] =>
        around((seat === undefined ? undefined : ledger.nodeOf(seat)) ?? -1)
      for (const seat of party.seats) {
        if (seat.group !== undefined || !isLess(crowd(seat), crowd(ledger.primaryOf(party)))) continue
        if (tried({ exchange: { kind: 'lead', seat }, scene, share: ledger.load, within }) === undefined) continue
        ledger.promote(seat)
        changed = true
      }
    }
    if (!changed) return
  }
}

function isLess(left: readonly [number, number], right: readonly [number, number]): boolean {
  return left[0] < right[0] || (left[0] === right[0] && left[1] < right[1])
}

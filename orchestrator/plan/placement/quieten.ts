import { type Exchange, perform, touchedBy } from './exchange.ts'
import type { Stage } from './improve.ts'
import { noiseOn } from './neighbours.ts'
import { exchangesFor, tried } from './relieve.ts'
import type { Scene } from './scene.ts'

/** Exchanges that may be tried, as in relieve.ts. */
const TRIALS = 10_000

/** Separates neighbours that disturb each other, as long as no node gets more primaries than the fullest of those touched had. */
export function quieten({ scene, freedom, within }: Stage): void {
  const { ledger } = scene
  let trials = TRIALS
  for (const node of ledger.fleet.nodes.keys()) {
    let quieter: Exchange | undefined
    do {
      quieter = undefined
      if (noiseOn(ledger, node) === 0) break
      for (const exchange of [...exchangesFor({ scene, freedom, full: node, share: ledger.load })].flat()) {
        if (trials === 0) return
        trials -= 1
        if (exchange.kind === 'lead' || !isQuieter(exchange, scene)) continue
        if (tried({ exchange, scene, share: ledger.load, within }) === undefined) continue
        quieter = exchange
        perform(exchange, scene)
        break
      }
    } while (quieter !== undefined)
  }
}

/** Whether the nodes that it touches get less noise, and none of them more primaries than the fullest had. */
function isQuieter(exchange: Exchange, scene: Scene): boolean {
  const { ledger } = scene
  const nodes = touchedBy(exchange, scene)
  const noise = (): number => nodes.reduce((sum, node) => sum + noiseOn(ledger, node), 0)
  const crowd = (): number => Math.max(...nodes.map(node => ledger.primariesOn(node)))
  const before = { noise: noise(), crowd: crowd() }
  const undo = perform(exchange, scene)
  const better = noise() < before.noise && crowd() <= before.crowd
  undo()
  return better
}

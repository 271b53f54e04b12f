import type { BegunAround } from './check.ts'
import type { Cost, Simulated } from './simulate.ts'

/** What a person reads: what was kept, and what each hundred clusters cost the orchestrator. */
export function report(campaigns: readonly Simulated[]): string {
  return `${campaigns.flatMap(lines).join('\n')}\n`
}

/** True when every cap and window was kept, and every cluster was begun once. Windows that nothing was held back by show nothing. */
export function isKept({ caps, most, notOnce, aroundGap }: Simulated): boolean {
  const isWithin = most.fleet <= caps.fleet && most.node <= caps.node && most.zone <= caps.zone
  const keptWindows = aroundGap === undefined || (aroundGap.within === 0 && aroundGap.before > 0 && aroundGap.after > 0)
  return isWithin && notOnce.length === 0 && keptWindows
}

function lines(campaign: Simulated): readonly string[] {
  const { name, kills, seconds, caps, most, notOnce, aroundGap, costs } = campaign
  const clusters = costs.reduce((sum, each) => sum + each.clusters, 0)
  const windows = aroundGap === undefined ? '' : `; ${tellGap(aroundGap)}`
  return [
    `${name}: ${seconds.toFixed(0)} s, ${((clusters * 60) / seconds).toFixed(1)} clusters a minute, the orchestrator was killed ${kills} times`,
    `  at once: ${most.fleet} of ${caps.fleet} in the fleet, ${most.node} of ${caps.node} on a node, ${most.zone} of ${caps.zone} in a zone${windows}`,
    `  not begun exactly once: ${notOnce.length === 0 ? 'none' : notOnce.join(', ')}`,
    `  ${['clusters', 'seconds', 'CPU s', 'CPU ms a cluster', 'highest RSS MB'].map(text => text.padStart(18)).join('')}`,
    ...costs.map(row),
    '',
  ]
}

function tellGap({ before, within, after }: BegunAround): string {
  return `begun while no window was open: ${within}, before: ${before}, after: ${after}`
}

function row({ clusters, seconds, cpuSeconds, highestRssBytes }: Cost): string {
  const cells = [clusters, seconds, cpuSeconds, (cpuSeconds * 1000) / clusters, highestRssBytes / 1e6]
  return `  ${cells.map(cell => cell.toFixed(0).padStart(18)).join('')}`
}

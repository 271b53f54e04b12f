import type { Cost, Simulated } from './simulate.ts'

/** What a person reads: what was kept, and what each hundred clusters cost the orchestrator. */
export function report(campaigns: readonly Simulated[]): string {
  return `${campaigns.flatMap(lines).join('\n')}\n`
}

/** True when every cap and window was kept, and every cluster was begun once. */
export function isKept({ caps, most, notOnce, outsideWindows = 0 }: Simulated): boolean {
  const isWithin = most.fleet <= caps.fleet && most.node <= caps.node && most.zone <= caps.zone
  return isWithin && notOnce.length === 0 && outsideWindows === 0
}

function lines(campaign: Simulated): readonly string[] {
  const { name, kills, seconds, caps, most, notOnce, outsideWindows, costs } = campaign
  const clusters = costs.reduce((sum, each) => sum + each.clusters, 0)
  const windows = outsideWindows === undefined ? '' : `, begun while no window was open: ${outsideWindows}`
  return [
    `${name}: ${seconds.toFixed(0)} s, ${((clusters * 60) / seconds).toFixed(1)} clusters a minute, the orchestrator was killed ${kills} times`,
    `  at once: ${most.fleet} of ${caps.fleet} in the fleet, ${most.node} of ${caps.node} on a node, ${most.zone} of ${caps.zone} in a zone${windows}`,
    `  not begun exactly once: ${notOnce.length === 0 ? 'none' : notOnce.join(', ')}`,
    `  ${['clusters', 'seconds', 'CPU s', 'CPU ms a cluster', 'highest RSS MB'].map(text => text.padStart(18)).join('')}`,
    ...costs.map(row),
    '',
  ]
}

function row({ clusters, seconds, cpuSeconds, highestRssBytes }: Cost): string {
  const cells = [clusters, seconds, cpuSeconds, (cpuSeconds * 1000) / clusters, highestRssBytes / 1e6]
  return `  ${cells.map(cell => cell.toFixed(0).padStart(18)).join('')}`
}

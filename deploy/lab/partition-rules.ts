import { type Cut, orchestratorEnd } from './model.ts'

/**
 * The whole packet filter of a lab as an nft script that replaces the one before in a single transaction.
 * Every cut names bridge ports, so that ARP is lost with everything else, as behind a dead switch.
 */
export function partitionRules(cuts: readonly Cut[]): string {
  return `table bridge drover
delete table bridge drover
table bridge drover {
  chain forward {
    type filter hook forward priority 0; policy accept;
${lines(cuts.filter(cut => cut.from !== orchestratorEnd && cut.to !== orchestratorEnd).map(betweenHosts))}  }
  chain input {
    type filter hook input priority 0; policy accept;
${lines(cuts.filter(cut => cut.to === orchestratorEnd).map(cut => `iifname "${bridgePort(cut.from)}" drop`))}  }
  chain output {
    type filter hook output priority 0; policy accept;
${lines(cuts.filter(cut => cut.from === orchestratorEnd).map(cut => `oifname "${bridgePort(cut.to)}" drop`))}  }
}
`
}

/** The lab-side end of a host's link, as systemd-nspawn names it for machine names of up to 12 characters. */
export function bridgePort(host: string): string {
  return `vb-${host}`
}

function betweenHosts(cut: Cut): string {
  return `iifname "${bridgePort(cut.from)}" oifname "${bridgePort(cut.to)}" drop`
}

function lines(rules: readonly string[]): string {
  return rules.map(rule => `    ${rule}\n`).join('')
}

import type { FleetFileInput } from '../../schema.ts'
import { integerOf, textOf } from '../values.ts'
import { importCluster } from './cluster.ts'
import type { Draft, Facts } from './cluster-context.ts'
import { type DeclaredCluster, declaredClusters } from './declared-clusters.ts'
import { fleetNetworks } from './hba-address.ts'

export type FleetDraft = Draft<FleetFileInput>

/** The fleet file of an inventory, before it was checked. */
export function importFleet(facts: Facts, fleetName: string): FleetDraft {
  const declared = declaredClusters(facts.inventory)
  const clusters = declared.map(cluster => importCluster(facts, { cluster, clusters: declared }))
  const fleet: FleetDraft['fleet'] = { name: fleetName, clientNetworks: clientNetworks(facts), ...kernel(facts) }
  return { version: 1, fleet, etcd: etcd(facts, declared), clusters }
}

/** Pigsty lets in who comes from its intranet. */
function clientNetworks({ inventory, ledger }: Facts): string[] {
  const setting = inventory.variables.get('node_firewall_intranet')
  if (setting !== undefined) ledger.kept({ path: setting.path, to: 'fleet.clientNetworks' })
  return [...fleetNetworks(inventory)]
}

/** `node_tune: none` leaves the kernel alone; every other profile is Pigsty's way to tune it, and Drover has its own. */
function kernel({ inventory, ledger }: Facts): { readonly kernel?: 'leave' } {
  const settings = [inventory.variables, ...inventory.groups.map(group => group.variables)].flatMap(
    scope => scope.get('node_tune') ?? [],
  )
  for (const { path, value } of settings) {
    const leave = textOf(value) === 'none'
    ledger.kept({
      path,
      to: 'fleet.kernel',
      ...(leave ? {} : { note: "kernel settings follow each cluster's workload" }),
    })
  }
  return settings.length > 0 && settings.every(({ value }) => textOf(value) === 'none') ? { kernel: 'leave' } : {}
}

/** As many voters as Pigsty has; an even number tolerates no more failures than one less. */
function etcd({ inventory, ledger }: Facts, clusters: readonly DeclaredCluster[]): NonNullable<FleetDraft['etcd']> {
  const voters = inventory.groups.flatMap(group =>
    [...group.hosts].flatMap(([host, { variables }]) => {
      const setting = variables.get('etcd_seq')
      return setting === undefined ? [] : [{ host, setting }]
    }),
  )
  const hosts = new Set(voters.map(({ host }) => host))
  const nodes = new Set(clusters.flatMap(({ instances }) => instances.map(({ host }) => host)))
  const members = odd(hosts.size > 0 ? hosts.size : Math.min(3, Math.max(1, nodes.size)))
  for (const { setting } of voters) {
    if (integerOf(setting.value) === undefined)
      ledger.lost(setting.path, { reason: 'not a number', instead: 'it counts as a member' })
    else
      ledger.kept({
        path: setting.path,
        to: 'etcd.members',
        note: `${members} of the fleet's nodes, which Drover chooses`,
      })
  }
  return { members }
}

function odd(count: number): number {
  const limited = Math.min(7, count)
  return limited % 2 === 0 ? limited - 1 : limited
}

import { expandPlaceholders } from '../host-variables.ts'
import type { Inventory } from '../inventory.ts'
import { entriesOf, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, defaultSetting } from './cluster-context.ts'
import type { HbaDraft } from './hba-draft.ts'

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/
const IPV6 = /^[0-9a-f]*:[0-9a-f:.]+$/i

/**
 * Pigsty's words for addresses; undefined for what is none. `localhost` is the socket and the loopback there, and where PgBouncer reaches
 * PostgreSQL: Drover's pooler comes from a member's address.
 */
export function addressesOf(
  context: ClusterContext,
  {
    word,
    on,
    auth,
  }: { readonly word: string; readonly on: 'postgres' | 'pooler'; readonly auth: NonNullable<HbaDraft['auth']> },
): readonly string[] | undefined {
  switch (word) {
    case 'local':
      return ['local']
    case 'localhost':
      if (auth === 'peer' || auth === 'ident') return ['local']
      return on === 'postgres' && auth !== 'reject' ? ['local', 'localhost', 'cluster'] : ['local', 'localhost']
    case 'cluster':
      return ['cluster']
    case 'intra':
    case 'intranet':
      return intranet(context)
    case 'world':
    case 'all':
      return ['all']
    case 'admin':
      return addressesOfAdmin(context)
    case 'infra':
      return infraAddresses(context)
    default:
      return literal(context, word)
  }
}

/** `clients` where the cluster has the fleet's own networks. */
function intranet(context: ClusterContext): readonly string[] {
  const setting = clusterSetting(context, 'node_firewall_intranet')
  if (setting !== undefined) context.ledger.kept({ path: setting.path, to: 'clusters[].hba[].address' })
  const own = networksOf(setting?.value)
  return own.join() === fleetNetworks(context.inventory).join() ? ['clients'] : own
}

/** Pigsty's intranet as the inventory has it for all hosts, else its default. */
export function fleetNetworks({ variables }: Inventory): readonly string[] {
  const parameter = 'node_firewall_intranet'
  return networksOf((variables.get(parameter) ?? defaultSetting(parameter))?.value)
}

function networksOf(value: unknown): readonly string[] {
  return entriesOf({ path: [], value }).flatMap(entry => {
    const network = textOf(entry.value)
    return network === undefined ? [] : asNetwork(network)
  })
}

function addressesOfAdmin(context: ClusterContext): readonly string[] | undefined {
  const address = textOf(clusterSetting(context, 'admin_ip')?.value)
  return address === undefined ? undefined : [asNetwork(address)]
}

/** The hosts of the group `infra`, by that name. */
function infraAddresses({ inventory }: ClusterContext): readonly string[] | undefined {
  const hosts = inventory.groups.filter(group => group.name === 'infra').flatMap(group => [...group.members])
  const addresses = hosts
    .filter(host => IPV4.test(host))
    .sort()
    .map(asNetwork)
  return addresses.length === 0 ? undefined : addresses
}

function literal(context: ClusterContext, word: string): readonly string[] | undefined {
  const { variables, host } = context.primary
  const text = expandPlaceholders({ text: word, variables, host })
  const [address = ''] = text.split('/')
  return IPV4.test(address) || IPV6.test(address) ? [asNetwork(text)] : undefined
}

export function asNetwork(text: string): string {
  if (text.includes('/')) return text
  return `${text}/${text.includes(':') ? 128 : 32}`
}

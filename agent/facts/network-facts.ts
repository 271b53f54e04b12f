import { isIPv4 } from 'node:net'
import type { Fact } from '../../shared/domain/facts.ts'
import { known, type NetworkFacts, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { createFactReader } from './fact-reader.ts'

const NET = '/sys/class/net'
const IFF_UP = 0x1
const IFF_LOOPBACK = 0x8

/**
 * Interfaces with a device behind them or with an address, IPv4 first. Loopback is left out, and so are link-local addresses: no
 * other host can be told to use them.
 */
export async function networkFacts(host: Pick<Host, 'files' | 'addresses'>): Promise<readonly NetworkFacts[]> {
  const addresses = await host.addresses()
  const names = (await host.files.list(NET)) ?? []
  const found = await Promise.all(names.map(name => describe(host, name, usable(addresses[name] ?? []))))
  return found.filter(facts => facts !== null)
}

function usable(addresses: readonly string[]): readonly string[] {
  const routable = addresses.filter(address => !/^fe[89ab]/i.test(address) && !address.startsWith('169.254.'))
  return routable.toSorted((a, b) => Number(isIPv4(b)) - Number(isIPv4(a)) || (a < b ? -1 : 1))
}

async function describe(
  host: Pick<Host, 'files'>,
  name: string,
  addresses: readonly string[],
): Promise<NetworkFacts | null> {
  const reader = createFactReader(host.files)
  const at = (file: string) => `${NET}/${name}/${file}`
  const flags = await reader.parsed(at('flags'), text => (/^0x[0-9a-f]+$/.test(text) ? Number(text) : undefined))
  if ('unknown' in flags || (flags.value & IFF_LOOPBACK) !== 0) return null
  const hasDevice = (await host.files.stat(at('device'))) !== null
  if (!hasDevice && addresses.length === 0) return null
  return {
    name,
    addresses,
    mac: await reader.parsed(at('address'), text => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.exec(text)?.[0]),
    speedMbps: await speed(),
    mtu: await reader.count(at('mtu')),
    up: await isUp(flags.value, flags.source),
  }

  /** Virtual interfaces say -1 or refuse to be read. */
  async function speed(): Promise<Fact<number>> {
    const fact = await reader.parsed(at('speed'), text => (/^[1-9]\d*$/.test(text) ? Number(text) : undefined))
    return 'unknown' in fact ? unknown('the driver does not tell the speed') : fact
  }

  /** Drivers without link detection say `unknown`: then the administrative flag is all there is. */
  async function isUp(flagBits: number, source: string): Promise<Fact<boolean>> {
    const state = await reader.text(at('operstate'))
    if ('value' in state && state.value !== 'unknown') return known(state.value === 'up', state.source)
    return known((flagBits & IFF_UP) !== 0, source)
  }
}

import { type Fact, type NodeFacts, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { createFactReader } from './fact-reader.ts'

const DMI = '/sys/class/dmi/id'
/** What board makers leave in fields that they did not fill in. */
const PLACEHOLDER =
  /^(to be filled by o\.?e\.?m\.?|default string|not specified|not applicable|not available|none|n\/a|unknown|system (manufacturer|product name|serial number)|o\.?e\.?m\.?|0+|0?123456789(abcdef)?|x+|\.+)$/i

/** Vendor, product, serial number and UUID of the machine, from DMI; the last two can only be read by root. */
export async function systemFacts(host: Pick<Host, 'files'>): Promise<NodeFacts['system']> {
  const reader = createFactReader(host.files)
  if ((await host.files.stat(DMI)) === null) {
    const absent = unknown('this machine has no DMI')
    return { vendor: absent, product: absent, serial: absent, uuid: absent }
  }
  const real = async (file: string): Promise<Fact<string>> => {
    const fact = await reader.text(`${DMI}/${file}`)
    return 'value' in fact && PLACEHOLDER.test(fact.value) ? unknown(`the maker left ${DMI}/${file} unfilled`) : fact
  }
  return {
    vendor: await real('sys_vendor'),
    product: await real('product_name'),
    serial: await real('product_serial'),
    uuid: await real('product_uuid'),
  }
}

import { Fields } from '../fields.ts'
import { entriesOf, type Setting, type Table, textOf } from '../values.ts'
import type { ClusterContext } from './cluster-context.ts'
import { asNetwork } from './hba-address.ts'
import type { HbaDraft } from './hba-draft.ts'
import { expandHbaName } from './hba-name.ts'

const TO = 'clusters[].hba[]'
const METHODS = ['scram-sha-256', 'md5', 'trust', 'reject', 'cert', 'peer', 'ident'] as const

/** `rules`: lines as they stand in pg_hba.conf. One line may come to several rules. */
export function importRawRules(
  context: ClusterContext,
  {
    setting,
    common,
    note,
  }: {
    readonly setting: Setting & { readonly value: Table }
    readonly common: Partial<HbaDraft>
    readonly note?: string | undefined
  },
): readonly HbaDraft[] {
  const { ledger } = context
  const fields = new Fields({ setting, ledger, to: TO, into: setting.value })
  fields.kept('title', { to: 'title' })
  fields.kept('order', { to: 'order' })
  fields.kept('role', { to: 'role', note: note })
  const lines = fields.raw('rules')
  fields.finish()
  return (lines === undefined ? [] : entriesOf(lines)).flatMap(line => {
    const parsed = parseLine(expandHbaName(context, textOf(line.value) ?? ''))
    if (typeof parsed === 'string') {
      ledger.lost(line.path, { reason: parsed, instead: 'the rule is left out' })
      return []
    }
    return parsed.map((rule): HbaDraft => {
      const draft: HbaDraft = { ...common, ...rule }
      ledger.kept({ path: line.path, to: TO, into: draft })
      return draft
    })
  })
}

/** The rules of one line, or why there are none. */
function parseLine(line: string): readonly HbaDraft[] | string {
  const [type = '', databases = '', users = '', ...rest] = line.replace(/#.*/, '').trim().split(/\s+/)
  if (!['local', 'host', 'hostssl'].includes(type)) return `lines of type \`${type}\` are not carried over`
  const address = type === 'local' ? { text: 'local', words: 0 } : addressOf(rest)
  if (address === undefined) return 'the address is not a network, nor `all`'
  const [method, ...options] = rest.slice(address.words)
  const auth = METHODS.find(each => each === (method === 'password' ? 'scram-sha-256' : method))
  if (auth === undefined) return `method \`${method ?? ''}\` is not carried over`
  if (options.length > 0) return 'options behind the method are not carried over'
  if (databases.split(',').includes('replication')) return 'only the standbys of Drover itself may replicate'
  const tls = type === 'hostssl' ? {} : { tls: false }
  return databases.split(',').flatMap(database =>
    users.split(',').map((user): HbaDraft => {
      const [name, base] = [user.replaceAll('"', ''), database.replaceAll('"', '')]
      return { user: name, database: base, address: address.text, auth, ...tls }
    }),
  )
}

function addressOf([first = '', second = '']: readonly string[]):
  | { readonly text: string; readonly words: number }
  | undefined {
  if (first === 'all') return { text: 'all', words: 1 }
  if (/^[\d.]+$/.test(first) && /^[\d.]+$/.test(second)) return { text: `${first}/${bitsOf(second)}`, words: 2 }
  return /^[\da-f.:]+(\/\d+)?$/i.test(first) && /[.:]/.test(first) ? { text: asNetwork(first), words: 1 } : undefined
}

/** `255.255.0.0` is 16 bits. */
function bitsOf(mask: string): number {
  return mask
    .split('.')
    .map(part => Number(part).toString(2).replaceAll('0', '').length)
    .reduce((sum, bits) => sum + bits, 0)
}

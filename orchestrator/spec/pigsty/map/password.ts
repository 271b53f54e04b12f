import { createHmac } from 'node:crypto'
import { scramVerifier } from '../../../operation/scram.ts'
import type { Fields } from '../fields.ts'
import { PUBLISHED_PASSWORD } from '../published-passwords.ts'
import { textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item } from './cluster-context.ts'

const VERIFIER = /^SCRAM-SHA-256\$\d{4,7}:[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$/
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/
const TO = 'clusters[].users[].password'
/** How the passwords of Pigsty's documentation and templates look, `DBUser.DBA` for one. */
const PUBLISHED = /^DBUser\.\w+$/

/**
 * The password that clients know already, as the verifier that PostgreSQL would keep of it. Pigsty holds the passwords of its admin and
 * monitor users in parameters of their own.
 */
export function importPassword(context: ClusterContext, fields: Fields, user: Item<'users'>): void {
  const own = fields.raw('password')
  const parameter = own === undefined ? systemParameter(context, user.name) : undefined
  const setting = own ?? (parameter === undefined ? undefined : clusterSetting(context, parameter))
  if (setting === undefined) return
  const lost = (reason: string): void =>
    context.ledger.lost(setting.path, {
      reason: reason,
      instead: 'Drover generates a password; `drover cluster show --reveal` shows it',
    })
  const password = typeof setting.value === 'string' ? setting.value : (textOf(setting.value) ?? '')
  if (user.login === false)
    context.ledger.lost(setting.path, {
      reason: 'a role that cannot log in needs no password',
      instead: 'it is left out',
    })
  else if (password === '') lost('the password is empty')
  else if (/^md5[0-9a-f]{32}$/i.test(password)) lost('an MD5 hash, from which no SCRAM-SHA-256 verifier can be made')
  else if (password.startsWith('SCRAM-SHA-256$') && !VERIFIER.test(password)) lost('a damaged SCRAM-SHA-256 verifier')
  else if (!PRINTABLE_ASCII.test(password)) lost('not printable ASCII, which SCRAM would have to normalise')
  else {
    user.password = VERIFIER.test(password)
      ? password
      : verifierOf({ password, cluster: context.name, user: user.name })
    const note = PUBLISHED.test(password) ? { note: PUBLISHED_PASSWORD } : {}
    context.ledger.kept({ path: setting.path, to: TO, into: user, ...note })
  }
}

/** The salt comes from the password itself, so that the same inventory always gives the same fleet file and no plan changes by itself. */
export function verifierOf({
  password,
  cluster,
  user,
}: {
  readonly password: string
  readonly cluster: string
  readonly user: string
}): string {
  const salt = createHmac('sha256', password).update(`drover-import:${cluster}:${user}`).digest().subarray(0, 16)
  return scramVerifier(password, salt)
}

function systemParameter(context: ClusterContext, user: string): string | undefined {
  const named = (parameter: string): boolean => textOf(clusterSetting(context, parameter)?.value) === user
  if (named('pg_admin_username')) return 'pg_admin_password'
  return named('pg_monitor_username') ? 'pg_monitor_password' : undefined
}

import { type Loose, looseText } from '../loose.ts'
import type { Report } from '../report.ts'

/** A method against the address and the program that it is for: what PostgreSQL or PgBouncer would refuse, and what it would mean. */
export function checkHbaMethod(rule: Loose, report: Report): void {
  const auth = looseText(rule, 'auth')
  const address = looseText(rule, 'address')
  const path = [...rule.path, 'auth']
  const local = address === 'local'
  if ((auth === 'peer' || auth === 'ident') && address !== undefined && !local) {
    report({
      code: 'hba-method',
      message: `\`${auth}\` asks the operating system who is at the other end, which only the unix socket can tell`,
      path,
      hint: 'Set `address: local`, or `auth: scram-sha-256`.',
    })
  }
  if (auth === 'cert' && (local || rule.values['tls'] === false)) {
    report({
      code: 'hba-method',
      message: `\`cert\` needs a connection with TLS, and ${local ? 'the unix socket has none' : '`tls: false` is for those without'}`,
      path,
      hint: local ? 'Set `auth: peer` or `auth: scram-sha-256`.' : 'Remove `tls: false`, or set `auth: scram-sha-256`.',
    })
  }
  if (auth === 'cert' && looseText(rule, 'on') === 'pooler') {
    report({
      code: 'hba-method',
      message: '`cert` works on direct connections only: clients of the pooler show it no certificate',
      path,
      hint: 'Set `on: postgres`, or `auth: scram-sha-256`.',
    })
  }
  if (auth === 'trust') reportTrust(rule, report)
}

function reportTrust(rule: Loose, report: Report): void {
  const user = looseText(rule, 'user') ?? '?'
  const who =
    user === 'all' ? 'every user' : user.startsWith('+') ? `every member of \`${user.slice(1)}\`` : `\`${user}\``
  report({
    code: 'hba-trust',
    message: `${whoAt(looseText(rule, 'address') ?? '?')} becomes ${who} without any password`,
    path: [...rule.path, 'auth'],
    hint: 'Set `auth: scram-sha-256`; on the unix socket `auth: peer` needs no password either.',
    severity: 'warning',
  })
}

function whoAt(address: string): string {
  switch (address) {
    case 'local':
    case 'localhost':
      return "anybody with a process on a member's host"
    case 'cluster':
      return "anybody with a process on any member's host"
    case 'clients':
      return 'anybody in `fleet.clientNetworks`'
    case 'all':
      return 'anybody who can reach the cluster'
    default:
      return `anybody in ${address}`
  }
}

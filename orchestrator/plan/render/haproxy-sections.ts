import { assertNever } from '../../../shared/domain/errors.ts'
import { hostPort, isIpv6 } from './address.ts'
import { failoverTimes } from './failover-mode.ts'
import { serviceSources } from './hba.ts'
import type { LocalInstance, Member } from './members.ts'
import type { Question, Service, ServiceServer, Target } from './services.ts'

/** As long as a client of a pooler waits for a server. */
export const HELD_AT_MOST_SECONDS = 120
/** Only when no member is up. Nothing listens there, so that each try is refused at once. */
const NOBODY = '  server nobody 127.0.0.1:1 backup'

export interface PrimaryHop {
  /** Its section's name. */
  readonly name: string
  /** PostgreSQL's port there. */
  readonly port: number
  readonly patroniPort: number
  readonly question: Question | 'leader'
  readonly members: readonly Member[]
}

/**
 * The way to whichever member is the primary; in a standby cluster to whoever leads the cluster it follows, so that a
 * failover there is followed at once.
 */
export function primaryHop({ source, ports, members }: LocalInstance): PrimaryHop {
  const full = members.filter(({ purpose }) => purpose === 'member')
  const to = source ?? { ports, members: full, isStandby: false }
  return {
    name: source === undefined ? 'write-hop' : 'source',
    port: to.ports.postgres,
    patroniPort: to.ports.patroni,
    question: to.isStandby ? 'leader' : 'primary',
    members: to.members,
  }
}

/**
 * What only watches: services take their servers' state from here (`track`), so each member is asked once for each
 * question. The way to the primary is the first section, which the file of initial states relies on.
 */
export function checkSections(local: LocalInstance, services: readonly Service[]): readonly (readonly string[])[] {
  const asked = services.flatMap(({ target, servers }) =>
    servers
      .filter(({ question }) => question !== 'primary')
      .map(({ member, question }) => ({ name: checkName(question, target), member, question, target })),
  )
  return [
    hopSection(local),
    ...[...Map.groupBy(asked, ({ name }) => name)].flatMap(([name, checks]) => {
      const [first] = checks
      if (first === undefined) return []
      const { question, target } = first
      const members = local.members.filter(member => checks.some(check => check.member === member))
      const checked = question === 'alive' ? 'plain' : 'patroni'
      return [
        [
          `backend ${name}`,
          '  option tcp-check',
          ...roleQuestion(question, local.ports.patroni),
          ...targetQuestion(question, target, local),
          ...members.map(member => server(member, { port: portOf(target, local), checked })),
        ],
      ]
    }),
  ]
}

export function serviceSections(local: LocalInstance, services: readonly Service[]): readonly (readonly string[])[] {
  return services.map(({ name, port, target, balance, maxConnections, servers }) => [
    `listen ${name}`,
    `  bind ${isIpv6(local.self.address) ? `:::${port} v4v6` : `*:${port}`}`,
    `  tcp-request connection reject if !{ src ${serviceSources(local).join(' ')} }`,
    ...(balance === undefined ? [] : [`  balance ${balance}`]),
    ...(maxConnections === undefined ? [] : [`  maxconn ${maxConnections}`]),
    // The primary's own pooler; without one, any pooler: its write hop finds the primary by itself, or waits for one.
    // A session ends with its pooler and not with a role: clients behind a paused pooler stay connected.
    ...(target === 'rw'
      ? servers
          .filter(({ member }) => member.purpose === 'member')
          .map(({ member: { instance } }) => `  use-server ${instance} if { srv_is_up(write-hop/${instance}) }`)
      : []),
    ...servers.map(each => serviceServer(each, target, local)),
  ])
}

/**
 * Sessions to a member that is no longer the primary are cut at once; the pooler in front, or the standby, reconnects. A
 * pooler's connection that comes while there is no primary is held until there is one: a pooler whose login fails refuses
 * transactions until one succeeds (`check_fast_fail` in PgBouncer), one whose login takes long lets its clients wait.
 */
function hopSection(local: LocalInstance): readonly string[] {
  const { name, port, patroniPort, question, members } = primaryHop(local)
  const isForPoolers = local.source === undefined
  return [
    `listen ${name}`,
    `  bind 127.0.0.1:${local.ports.writeHop}`,
    '  load-server-state-from-file global',
    ...(isForPoolers ? holding(local) : []),
    '  option tcp-check',
    ...roleQuestion(question, patroniPort),
    ...members.map(member => server(member, { port, checked: 'patroni', cut: true })),
    ...(isForPoolers ? [NOBODY] : []),
  ]
}

/** HAProxy pauses for as long as a connection may take before it tries again; then somebody else may be the primary. */
function holding({ cluster }: LocalInstance): readonly string[] {
  const { holdPauseMs } = failoverTimes(cluster.failover)
  return [`  timeout connect ${holdPauseMs}ms`, `  retries ${(HELD_AT_MOST_SECONDS * 1000) / holdPauseMs}`]
}

/** Pooled reads go on when a role changes; what talks to a member without a pooler ends with what it was promised. */
function serviceServer({ member, question, backup }: ServiceServer, target: Target, local: LocalInstance): string {
  return server(member, {
    port: portOf(target, local),
    tracks: question === 'primary' ? 'write-hop' : checkName(question, target),
    cut: target !== 'ro',
    ...(backup ? { backupAs: question } : {}),
  })
}

function checkName(question: Question, target: Target): string {
  if (target === 'rw') return 'poolers'
  return `${question}-${target === 'ro' ? 'poolers' : typeof target === 'number' ? `port-${target}` : target}`
}

function portOf(target: Target, { ports }: LocalInstance): number {
  if (typeof target === 'number') return target
  switch (target) {
    case 'rw':
      return ports.poolerRw
    case 'ro':
      return ports.poolerRo
    case 'postgres':
      return ports.postgres
    default:
      return assertNever(target)
  }
}

/** Patroni's word on the member's role, over TLS. Plain HTTP text in a TCP check, because the target's question follows it in the same check. */
function roleQuestion(question: PrimaryHop['question'], patroniPort: number): readonly string[] {
  if (question === 'alive') return []
  return [
    `  tcp-check connect port ${patroniPort} ssl`,
    `  tcp-check send "OPTIONS /${question === 'running' ? 'health' : question} HTTP/1.0\\r\\n\\r\\n"`,
    '  tcp-check expect rstring "^HTTP/1.[01] 200"',
  ]
}

/**
 * A GSSENCRequest: a living pooler or PostgreSQL answers it with one letter before any login, and neither logs that nothing
 * followed. Patroni knows of PostgreSQL, so that only who asks for no role asks there. Of another port only that it is open.
 */
function targetQuestion(question: Question, target: Target, local: LocalInstance): readonly string[] {
  if (target === 'postgres' && question !== 'alive') return []
  const connect = `  tcp-check connect port ${portOf(target, local)}`
  if (typeof target === 'number') return [connect]
  return [connect, '  tcp-check send-binary 0000000804d21630', '  tcp-check expect rstring "^[GN]"']
}

interface ServerOptions {
  readonly port: number
  /** Checked itself: over TLS as this very instance, or plain. */
  readonly checked?: 'patroni' | 'plain'
  /** Takes the state of the same member in another section. */
  readonly tracks?: string
  /** Used only when no other server is up; the same member may be there as something else. */
  readonly backupAs?: Question
  /** Sessions end when the server goes down. */
  readonly cut?: boolean
}

function server({ instance, address }: Member, options: ServerOptions): string {
  const name = options.backupAs === undefined ? instance : `${instance}-as-${options.backupAs}`
  const words = ['  server', name, hostPort(address, options.port)]
  if (options.checked !== undefined) words.push('check')
  if (options.checked === 'patroni') words.push(`check-ssl verifyhost ${instance}`)
  if (options.tracks !== undefined) words.push(`track ${options.tracks}/${instance}`)
  if (options.backupAs !== undefined) words.push('backup')
  if (options.cut === true) words.push('on-marked-down shutdown-sessions')
  return words.join(' ')
}

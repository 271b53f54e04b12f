import { factOr } from '../../../shared/domain/facts.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { hostPort, isIpv6 } from './address.ts'
import { failoverTimes } from './failover-mode.ts'
import { serviceSources } from './hba.ts'
import { type Fragment, publicFile, rootDirectory, unitFile, unitItem } from './items.ts'
import type { LocalInstance, Member } from './members.ts'
import { CONFIG, haproxyConfig, haproxySocket, haproxyStates, tlsPaths } from './paths.ts'
import type { Settings } from './render-input.ts'
import { haproxyUnit } from './unit-names.ts'

export interface HaproxyInput {
  readonly local: LocalInstance
  readonly start: boolean
}

/** The services of one cluster on this node. Each cluster has a process of its own: reloading one never touches another. */
export function renderHaproxy({ local, start }: HaproxyInput): Fragment {
  const unit = haproxyUnit(local.cluster.name)
  return {
    directories: [rootDirectory(`${CONFIG}/haproxy`)],
    files: [
      unitFile('drover-haproxy@.service', UNIT),
      publicFile(haproxyStates(local.cluster.name), initialStates(local), [{ unit, verb: 'reload' }]),
      publicFile(haproxyConfig(local.cluster.name), haproxyText(local), [{ unit, verb: 'reload' }]),
    ],
    units: [unitItem({ name: unit, start, listens: listenPorts(local) })],
  }
}

function listenPorts({ ports }: LocalInstance): readonly number[] {
  return [ports.primary, ports.replica, ports.writeHop, ports.default, ports.offline]
}

function haproxyText(local: LocalInstance): string {
  const sections = [global(local), defaults(local), ...checks(local), ...services(local)]
  return `${sections.map(section => section.join('\n')).join('\n\n')}\n`
}

/** Sessions of a replaced process end after a quarter of an hour: it no longer follows the roles of the members. */
function global({ cluster, node, settings }: LocalInstance): readonly string[] {
  const threads = node.facts === undefined ? 1 : factOr(node.facts.cpu.effective, 1)
  return [
    'global',
    '  user haproxy',
    '  group haproxy',
    `  nbthread ${Math.max(1, Math.min(4, Math.floor(threads / 4)))}`,
    `  maxconn ${maxConnections(cluster, settings)}`,
    '  no strict-limits',
    '  hard-stop-after 15m',
    '  spread-checks 10',
    `  server-state-file ${haproxyStates(cluster.name)}`,
    `  stats socket ${haproxySocket(cluster.name)} mode 600 level admin expose-fd listeners`,
  ]
}

/** Clients of both pooled services, and as many direct connections as PostgreSQL could ever take. */
function maxConnections(cluster: ClusterSpec, settings: Settings): number {
  return 2 * cluster.pooler.maxClientConnections + 4 * Number(settings['max_connections'] ?? 100)
}

/**
 * HAProxy takes every server for up until it has asked: a fresh process would send writes to standbys for a moment. With
 * this file each starts as down, and is up as soon as Patroni says that it is the primary. (Format version 1, as
 * `show servers state` prints it; 2 is the identifier of the first section.)
 */
function initialStates({ members, ports }: LocalInstance): string {
  const fields =
    'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port'
  const rows = members.map(
    ({ instance, address }, index) =>
      `2 write-hop ${index + 1} ${instance} ${address} 0 0 1 1 0 13 2 0 6 0 0 0 - ${ports.postgres} - 0 0 - - 0`,
  )
  return `1\n# ${fields}\n${rows.join('\n')}\n`
}

function defaults({ cluster, self }: LocalInstance): readonly string[] {
  const { check, tcpUserTimeoutMs } = failoverTimes(cluster.failover)
  const servers = [
    `inter ${check.inter} fastinter ${check.fastinter} downinter ${check.downinter}`,
    `rise ${check.rise} fall ${check.fall} tcp-ut ${tcpUserTimeoutMs}ms`,
    `verify required ca-file ${tlsPaths(self.instance).ca}`,
  ]
  return [
    'defaults',
    '  mode tcp',
    '  option dontlognull',
    '  option clitcpka',
    '  option srvtcpka',
    '  clitcpka-idle 30s',
    '  clitcpka-intvl 10s',
    '  clitcpka-cnt 3',
    `  srvtcpka-idle ${tcpUserTimeoutMs}ms`,
    `  srvtcpka-intvl ${Math.round(tcpUserTimeoutMs / 3)}ms`,
    '  srvtcpka-cnt 3',
    '  option redispatch 1',
    '  retries 3',
    '  timeout connect 3s',
    '  timeout queue 10s',
    '  timeout client 24h',
    '  timeout server 24h',
    `  timeout check ${check.timeout}`,
    `  default-server ${servers.join(' ')}`,
  ]
}

/** What only watches: services take their servers' state from here (`track`), so each member is asked once for each question. */
function checks(local: LocalInstance): readonly (readonly string[])[] {
  const { ports, members } = local
  return [
    // Sessions to a member that is no longer the primary are cut at once; the pooler in front reconnects.
    [
      'listen write-hop',
      `  bind 127.0.0.1:${ports.writeHop}`,
      '  load-server-state-from-file global',
      ...patroniCheck(local, '/primary'),
      ...members.map(member => server(member, { port: ports.postgres, checked: 'patroni', cut: true })),
    ],
    [
      'backend poolers',
      '  option tcp-check',
      ...poolerCheck(ports.poolerRw),
      ...members.map(member => server(member, { port: ports.poolerRw, checked: 'plain' })),
    ],
  ]
}

function services(local: LocalInstance): readonly (readonly string[])[] {
  const { ports, members } = local
  return [
    [
      ...listen(local, 'primary', ports.primary),
      // The primary's own pooler; without one, any pooler: its write hop finds the primary by itself, or waits for one.
      // A session ends with its pooler and not with a role: clients behind a paused pooler stay connected.
      ...members.map(({ instance }) => `  use-server ${instance} if { srv_is_up(write-hop/${instance}) }`),
      ...members.map(member => server(member, { port: ports.poolerRw, tracks: 'poolers', cut: true })),
    ],
    [
      ...listen(local, 'replica', ports.replica),
      '  balance leastconn',
      ...patroniCheck(local, '/replica'),
      ...poolerCheck(ports.poolerRo),
      ...members.map(member => server(member, { port: ports.poolerRo, checked: 'patroni' })),
      ...members.map(member => server(member, { port: ports.poolerRo, backupOf: 'write-hop' })),
    ],
    [
      ...listen(local, 'default', ports.default),
      ...members.map(member => server(member, { port: ports.postgres, tracks: 'write-hop', cut: true })),
    ],
    [
      ...listen(local, 'offline', ports.offline),
      '  balance leastconn',
      ...patroniCheck(local, '/replica'),
      ...members.map(member => server(member, { port: ports.postgres, checked: 'patroni', cut: true })),
      ...members.map(member => server(member, { port: ports.postgres, backupOf: 'write-hop' })),
    ],
  ]
}

function listen(local: LocalInstance, name: string, port: number): readonly string[] {
  const bind = isIpv6(local.self.address) ? `:::${port} v4v6` : `*:${port}`
  return [
    `listen ${name}`,
    `  bind ${bind}`,
    `  tcp-request connection reject if !{ src ${serviceSources(local).join(' ')} }`,
  ]
}

/** Patroni's word on the member's role, over TLS. Plain HTTP text in a TCP check, because the pooler's question follows it in the same check. */
function patroniCheck({ ports }: LocalInstance, path: string): readonly string[] {
  return [
    '  option tcp-check',
    `  tcp-check connect port ${ports.patroni} ssl`,
    `  tcp-check send "OPTIONS ${path} HTTP/1.0\\r\\n\\r\\n"`,
    '  tcp-check expect rstring "^HTTP/1.[01] 200"',
  ]
}

/** A GSSENCRequest: a living pooler answers it with one letter before any login, and neither it nor PostgreSQL logs that nothing followed. */
function poolerCheck(port: number): readonly string[] {
  return [
    `  tcp-check connect port ${port}`,
    '  tcp-check send-binary 0000000804d21630',
    '  tcp-check expect rstring "^[GN]"',
  ]
}

interface ServerOptions {
  readonly port: number
  /** Checked itself: over TLS as this very instance, or plain. */
  readonly checked?: 'patroni' | 'plain'
  /** Takes the state of the same member in another section. */
  readonly tracks?: string
  /** The same, and used only when no other server is up. */
  readonly backupOf?: string
  /** Sessions end when the server goes down. */
  readonly cut?: boolean
}

function server(member: Member, options: ServerOptions): string {
  const name = options.backupOf === undefined ? member.instance : `${member.instance}-backup`
  const words = ['  server', name, hostPort(member.address, options.port)]
  if (options.checked !== undefined) words.push('check')
  if (options.checked === 'patroni') words.push(`check-ssl verifyhost ${member.instance}`)
  if (options.tracks !== undefined) words.push(`track ${options.tracks}/${member.instance}`)
  if (options.backupOf !== undefined) words.push(`track ${options.backupOf}/${member.instance} backup`)
  if (options.cut === true) words.push('on-marked-down shutdown-sessions')
  return words.join(' ')
}

const UNIT = `[Unit]
Description=Drover: HAProxy services of %i
After=network.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=/usr/sbin/haproxy -Ws -f ${CONFIG}/haproxy/%i.cfg
ExecReload=/usr/sbin/haproxy -Ws -c -f ${CONFIG}/haproxy/%i.cfg
ExecReload=/bin/kill -USR2 $MAINPID
RuntimeDirectory=drover-haproxy/%i
RuntimeDirectoryMode=0700
KillMode=mixed
SuccessExitStatus=143
Restart=always
RestartSec=1
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`

import { threadsOf } from '../node-view.ts'
import { proxyLimits } from '../tuning/proxy-limits.ts'
import { failoverTimes } from './failover-mode.ts'
import { checkSections, primaryHop, serviceSections } from './haproxy-sections.ts'
import { type Fragment, publicFile, rootDirectory, unitFile, unitItem } from './items.ts'
import type { LocalInstance } from './members.ts'
import { CONFIG, haproxyConfig, haproxySocket, haproxyStates, tlsPaths } from './paths.ts'
import { servicesOf } from './services.ts'
import { haproxyUnit } from './unit-names.ts'

export interface HaproxyInput {
  readonly local: LocalInstance
  readonly start: boolean
  readonly stop: boolean
}

/** The services of one cluster on this node. Each cluster has a process of its own: reloading one never touches another. */
export function renderHaproxy({ local, start, stop }: HaproxyInput): Fragment {
  const unit = haproxyUnit(local.cluster.name)
  return {
    directories: [rootDirectory(`${CONFIG}/haproxy`)],
    files: [
      unitFile('drover-haproxy@.service', UNIT),
      publicFile(haproxyStates(local.cluster.name), initialStates(local), [{ unit, verb: 'reload' }]),
      publicFile(haproxyConfig(local.cluster.name), haproxyText(local), [{ unit, verb: 'reload' }]),
    ],
    units: [unitItem({ name: unit, start, stop, listens: listenPorts(local) })],
  }
}

function listenPorts(local: LocalInstance): readonly number[] {
  return [local.ports.writeHop, ...servicesOf(local).map(({ port }) => port)].sort((left, right) => left - right)
}

function haproxyText(local: LocalInstance): string {
  const services = servicesOf(local)
  const sections = [
    global(local),
    defaults(local),
    ...checkSections(local, services),
    ...serviceSections(local, services),
  ]
  return `${sections.map(section => section.join('\n')).join('\n\n')}\n`
}

/** Sessions of a replaced process end after a quarter of an hour: it no longer follows the roles of the members. */
function global(local: LocalInstance): readonly string[] {
  const { cluster, node, settings } = local
  const { threads, maxConnections } = proxyLimits({
    cluster,
    postgresConnections: Number(settings['max_connections'] ?? 100),
    nodeThreads: threadsOf(node) ?? 1,
  })
  return [
    'global',
    '  user haproxy',
    '  group haproxy',
    `  nbthread ${threads}`,
    `  maxconn ${maxConnections}`,
    '  no strict-limits',
    '  hard-stop-after 15m',
    '  spread-checks 10',
    `  server-state-file ${haproxyStates(cluster.name)}`,
    `  stats socket ${haproxySocket(cluster.name)} mode 600 level admin expose-fd listeners`,
  ]
}

/**
 * HAProxy takes every server for up until it has asked: a fresh process would send writes to standbys for a moment. With
 * this file each starts as down, and is up as soon as Patroni says that it is the primary. (Format version 1, as
 * `show servers state` prints it; 2 is the identifier of the first section.)
 */
function initialStates(local: LocalInstance): string {
  const { name, members, port } = primaryHop(local)
  const fields =
    'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port'
  const rows = members.map(
    ({ instance, address }, index) =>
      `2 ${name} ${index + 1} ${instance} ${address} 0 0 1 1 0 13 2 0 6 0 0 0 - ${port} - 0 0 - - 0`,
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

/** Back at once: while it is away its pooler finds no primary, and refuses clients instead of letting them wait. */
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
RestartSec=100ms
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`

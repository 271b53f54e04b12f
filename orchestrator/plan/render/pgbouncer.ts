import type { DatabaseSpec } from '../../../shared/domain/spec.ts'
import { anyAddress } from './address.ts'
import { failoverTimes } from './failover-mode.ts'
import { poolerHba, SUPERUSER_ROLE } from './hba.ts'
import { type Fragment, publicFile, rootDirectory, secretFile, unitFile, unitItem } from './items.ts'
import type { LocalInstance } from './members.ts'
import type { OsDifferences } from './os-differences.ts'
import { CONFIG, instancePaths, tlsPaths } from './paths.ts'
import { type PoolerKind, poolerUnit } from './unit-names.ts'

export interface PgbouncerInput {
  readonly local: LocalInstance
  readonly differences: OsDifferences
  readonly start: boolean
}

/**
 * Two poolers a member: `rw` reaches the primary wherever it is, through the local HAProxy hop; `ro` reaches this member's
 * own PostgreSQL through its socket. Both stay up when PostgreSQL stops, so clients wait instead of failing.
 */
export function renderPgbouncer(input: PgbouncerInput): Fragment {
  const { local } = input
  const directory = instancePaths(local.self.instance).poolerDirectory
  const units = (['rw', 'ro'] as const).map(kind => ({
    name: poolerUnit(kind, local.self.instance),
    start: input.start,
    listens: [poolerPort(kind, local)],
  }))
  const reloads = units.map(({ name }) => ({ unit: name, verb: 'reload' as const }))
  return {
    directories: [rootDirectory(`${CONFIG}/pgbouncer`), rootDirectory(directory)],
    files: [
      ...(['rw', 'ro'] as const).flatMap(kind => poolerFiles(kind, input)),
      publicFile(`${directory}/hba.conf`, lines(poolerHba(local)), reloads),
      secretFile({
        path: `${directory}/users.txt`,
        group: 'postgres',
        content: lines(users(local)),
        reactions: reloads,
      }),
    ],
    units: units.map(unitItem),
  }
}

function poolerFiles(kind: PoolerKind, { local, differences }: PgbouncerInput) {
  const { instance } = local.self
  const directory = instancePaths(instance).poolerDirectory
  const reload = { unit: poolerUnit(kind, instance), verb: 'reload' } as const
  return [
    unitFile(`drover-pgbouncer-${kind}@.service`, unitText(kind)),
    publicFile(`${directory}/${kind}.ini`, lines(settings(kind, local, differences)), [reload]),
    publicFile(`${directory}/${kind}-databases.ini`, lines(['[databases]', ...databases(kind, local)]), [reload]),
  ]
}

function databases(kind: PoolerKind, local: LocalInstance): readonly string[] {
  const target =
    kind === 'rw'
      ? `host=127.0.0.1 port=${local.ports.writeHop}`
      : `host=${instancePaths(local.self.instance).socket} port=${local.ports.postgres}`
  return pooledDatabases(local).map(name => `${databaseKey(name)} = ${target} dbname=${connectionValue(name)}`)
}

function pooledDatabases(local: LocalInstance): readonly string[] {
  const declared = local.cluster.databases.filter((database: DatabaseSpec) => database.pooled).map(({ name }) => name)
  const maintenance = local.cluster.databases.some(({ name }) => name === 'postgres') ? [] : ['postgres']
  return [...declared, ...maintenance]
}

/** The verifiers are the very ones that PostgreSQL stores: only then can a pooler log in on behalf of a client. */
function users(local: LocalInstance): readonly string[] {
  return local.cluster.users
    .filter(user => user.login && user.pooled)
    .map(({ name }) => `"${name.replaceAll('"', '""')}" "\${scram:clusters/${local.cluster.name}/users/${name}}"`)
}

function settings(kind: PoolerKind, local: LocalInstance, differences: OsDifferences): readonly string[] {
  const { instance, address } = local.self
  const directory = instancePaths(instance).poolerDirectory
  const tls = tlsPaths(instance)
  const times = failoverTimes(local.cluster.failover)
  const keepaliveSeconds = Math.max(1, Math.round(times.tcpUserTimeoutMs / 3000))
  return [
    `%include ${directory}/${kind}-databases.ini`,
    '',
    '[pgbouncer]',
    `listen_addr = ${anyAddress(address)}`,
    `listen_port = ${poolerPort(kind, local)}`,
    `unix_socket_dir = /run/drover-pgbouncer/${instance}-${kind}`,
    'auth_type = hba',
    `auth_hba_file = ${directory}/hba.conf`,
    `auth_file = ${directory}/users.txt`,
    `admin_users = ${SUPERUSER_ROLE}`,
    `pool_mode = ${local.cluster.pooler.mode}`,
    `max_client_conn = ${local.cluster.pooler.maxClientConnections}`,
    ...poolSizes(local),
    ...(differences.poolerPreparedStatements && local.cluster.pooler.mode !== 'session'
      ? ['max_prepared_statements = 256']
      : []),
    'ignore_startup_parameters = extra_float_digits',
    // A server that is away is tried again at once and for as long as the client may wait: a failover is a pause, not an error.
    'server_login_retry = 0.2',
    'server_connect_timeout = 2',
    'query_wait_timeout = 120',
    'server_lifetime = 600',
    `tcp_user_timeout = ${times.tcpUserTimeoutMs}`,
    'tcp_keepalive = 1',
    `tcp_keepidle = ${keepaliveSeconds}`,
    `tcp_keepintvl = ${keepaliveSeconds}`,
    'tcp_keepcnt = 2',
    'client_tls_sslmode = prefer',
    `client_tls_key_file = ${tls.key}`,
    `client_tls_cert_file = ${tls.cert}`,
    `client_tls_ca_file = ${tls.ca}`,
    'server_tls_sslmode = verify-ca',
    `server_tls_ca_file = ${tls.ca}`,
    'log_connections = 0',
    'log_disconnections = 0',
    'log_stats = 0',
  ]
}

function poolerPort(kind: PoolerKind, { ports }: LocalInstance): number {
  return kind === 'rw' ? ports.poolerRw : ports.poolerRo
}

/** All pools of a pooler together leave a fifth of PostgreSQL's connections to direct clients and to the machinery. */
function poolSizes(local: LocalInstance): readonly string[] {
  const connections = Number(local.settings['max_connections'] ?? 100)
  const ceiling = Math.max(5, Math.floor(connections * 0.8))
  const size = local.cluster.pooler.poolSize ?? Math.min(50, Math.max(5, Math.floor(ceiling / 2)))
  return [`default_pool_size = ${Math.min(size, ceiling)}`, `max_db_connections = ${ceiling}`]
}

const PLAIN_DATABASE = /^[a-z_][a-z0-9_]*$/

function databaseKey(name: string): string {
  return PLAIN_DATABASE.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function connectionValue(name: string): string {
  return PLAIN_DATABASE.test(name) ? name : `'${name.replaceAll("'", "''")}'`
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`
}

function unitText(kind: PoolerKind): string {
  return `[Unit]
Description=Drover: PgBouncer ${kind === 'rw' ? 'to the primary' : 'to the local instance'}, %i
After=network.target drover-patroni@%i.service
StartLimitIntervalSec=0

[Service]
Type=exec
User=postgres
Group=postgres
ExecStart=/usr/sbin/pgbouncer ${CONFIG}/pgbouncer/%i/${kind}.ini
ExecReload=/bin/kill -HUP $MAINPID
KillSignal=SIGINT
TimeoutStopSec=10
RuntimeDirectory=drover-pgbouncer/%i-${kind}
Restart=always
RestartSec=1
LimitNOFILE=131072

[Install]
WantedBy=multi-user.target
`
}

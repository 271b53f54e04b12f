import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { poolerSocket } from '../../../shared/domain/pooler-socket.ts'
import type { DatabaseSpec, UserSpec } from '../../../shared/domain/spec.ts'
import { type PoolSizes, poolSizes as poolSizesOf } from '../tuning/pool-sizes.ts'
import { anyAddress } from './address.ts'
import { failoverTimes } from './failover-mode.ts'
import { HELD_AT_MOST_SECONDS } from './haproxy-sections.ts'
import { rulesFor } from './hba-rules.ts'
import { type Fragment, publicFile, rootDirectory, secretFile, unitFile, unitItem } from './items.ts'
import type { LocalInstance } from './members.ts'
import type { OsDifferences } from './os-differences.ts'
import { CONFIG, instancePaths, tlsPaths } from './paths.ts'
import { pooledUsers, poolerHba } from './pooler-hba.ts'
import { type PoolerKind, poolerKinds, poolerUnit } from './unit-names.ts'

export interface PgbouncerInput {
  readonly local: LocalInstance
  readonly differences: OsDifferences
  readonly start: boolean
  readonly stop: boolean
}

/**
 * Two poolers a member: `rw` reaches the primary wherever it is, through the local HAProxy hop; `ro` reaches this member's
 * own PostgreSQL through its socket. Both stay up when PostgreSQL stops, so clients wait instead of failing.
 */
export function renderPgbouncer(input: PgbouncerInput): Fragment {
  const { local } = input
  const directory = instancePaths(local.self.instance).poolerDirectory
  const kinds = poolerKinds(local.cluster)
  const units = kinds.map(kind => ({
    name: poolerUnit(kind, local.self.instance),
    start: input.start,
    stop: input.stop,
    listens: [poolerPort(kind, local)],
  }))
  const reloads = units.map(({ name }) => ({ unit: name, verb: 'reload' as const }))
  return {
    directories: [rootDirectory(`${CONFIG}/pgbouncer`), rootDirectory(directory)],
    files: [
      ...kinds.flatMap(kind => poolerFiles(kind, input)),
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
  const target = kind === 'rw' ? `host=127.0.0.1 port=${local.ports.writeHop}` : readTarget(local)
  const entry = (name: string, own: readonly string[]): string =>
    [`${name} = ${target} dbname=${name}`, ...own].join(' ')
  const declared = local.cluster.databases.filter(database => database.pooled)
  return [
    ...declared.map(database => entry(database.name, ownPool(database, local))),
    ...(local.cluster.databases.some(({ name }) => name === MAINTENANCE_DATABASE)
      ? []
      : [entry(MAINTENANCE_DATABASE, options(maintenancePool(local)))]),
  ]
}

/** By the socket, unless a rule of the spec asks there who the client is on this machine: that would be the pooler. */
function readTarget(local: LocalInstance): string {
  const { postgres } = local.ports
  const asksForAccount = rulesFor(local, 'postgres').some(
    ({ address, auth }) => address === 'local' && (auth === 'peer' || auth === 'ident' || auth === 'reject'),
  )
  return asksForAccount
    ? `host=127.0.0.1 port=${postgres}`
    : `host=${instancePaths(local.self.instance).socket} port=${postgres}`
}

/** What a database has otherwise than the pooler. Nothing may take the connections that are kept for direct clients. */
function ownPool({ pool }: DatabaseSpec, local: LocalInstance): readonly string[] {
  const { mode, size, minSize, reserve, maxConnections } = pool
  const ceiling = sizesOf(local).pooledConnections
  const bounded = (wanted: number | undefined): number | undefined =>
    wanted === undefined ? undefined : Math.min(wanted, ceiling)
  return options({
    pool_mode: mode,
    pool_size: bounded(size),
    min_pool_size: bounded(minSize),
    reserve_pool: bounded(reserve),
    max_db_connections: bounded(maxConnections),
  })
}

/** For operators: of the database `postgres` only a few connections count in the sum of all pools. */
function maintenancePool(local: LocalInstance): Readonly<Record<string, number>> {
  const { maintenanceConnections } = sizesOf(local)
  return { pool_size: maintenanceConnections, max_db_connections: maintenanceConnections }
}

/** The verifiers are the very ones that PostgreSQL stores: only then can a pooler log in on behalf of a client. */
function users(local: LocalInstance): readonly string[] {
  const verifier = ({ name, password }: UserSpec): string => password ?? `\${scram:${local.secrets}/users/${name}}`
  return pooledUsers(local.cluster.users).map(user => `"${user.name}" "${verifier(user)}"`)
}

/** What users have otherwise than the pooler. */
function userSection(local: LocalInstance): readonly string[] {
  const rows = pooledUsers(local.cluster.users).flatMap(({ name, poolMode, poolConnections }) => {
    const own = options({ pool_mode: poolMode, max_user_connections: poolConnections })
    return own.length === 0 ? [] : [`${name} = ${own.join(' ')}`]
  })
  return rows.length === 0 ? [] : ['', '[users]', ...rows]
}

function options(wanted: Readonly<Record<string, string | number | undefined>>): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
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
    `unix_socket_dir = ${poolerSocket(kind, instance)}`,
    'auth_type = hba',
    `auth_hba_file = ${directory}/hba.conf`,
    `auth_file = ${directory}/users.txt`,
    `pool_mode = ${local.cluster.pooler.mode}`,
    `max_client_conn = ${local.cluster.pooler.maxClientConnections}`,
    ...poolSizes(kind, local),
    ...(differences.poolerPreparedStatements && sharesServers(local) ? ['max_prepared_statements = 256'] : []),
    `ignore_startup_parameters = ${local.cluster.pooler.ignoreStartupParameters.join(',')}`,
    // A server that is away is tried again at once and for as long as the client may wait: a failover is a pause, not an error.
    'server_login_retry = 0.2',
    // HAProxy takes a connection to the primary at once and holds it while there is none.
    `server_connect_timeout = ${kind === 'rw' ? HELD_AT_MOST_SECONDS : 2}`,
    `query_wait_timeout = ${HELD_AT_MOST_SECONDS}`,
    'server_lifetime = 600',
    `tcp_user_timeout = ${times.tcpUserTimeoutMs}`,
    'tcp_keepalive = 1',
    `tcp_keepidle = ${keepaliveSeconds}`,
    `tcp_keepintvl = ${keepaliveSeconds}`,
    'tcp_keepcnt = 2',
    `client_tls_sslmode = ${local.cluster.pooler.tls}`,
    `client_tls_key_file = ${tls.key}`,
    `client_tls_cert_file = ${tls.cert}`,
    `client_tls_ca_file = ${tls.ca}`,
    'server_tls_sslmode = verify-ca',
    `server_tls_ca_file = ${tls.ca}`,
    'log_connections = 0',
    'log_disconnections = 0',
    'log_stats = 0',
    ...userSection(local),
  ]
}

function poolerPort(kind: PoolerKind, { ports }: LocalInstance): number {
  return kind === 'rw' ? ports.poolerRw : ports.poolerRo
}

/** A server that serves several clients in turn has to be given their prepared statements. */
function sharesServers({ cluster }: LocalInstance): boolean {
  const modes = [
    cluster.pooler.mode,
    ...cluster.databases.map(({ pool }) => pool.mode),
    ...cluster.users.map(({ poolMode }) => poolMode),
  ]
  return modes.some(mode => mode !== undefined && mode !== 'session')
}

function poolSizes(kind: PoolerKind, local: LocalInstance): readonly string[] {
  const limits = sizesOf(local)[kind]
  return [
    `default_pool_size = ${limits.defaultPoolSize}`,
    `reserve_pool_size = ${limits.reservePoolSize}`,
    `max_db_connections = ${limits.maxDatabaseConnections}`,
    ...(limits.maxUserConnections === 0 ? [] : [`max_user_connections = ${limits.maxUserConnections}`]),
  ]
}

function sizesOf({ cluster, settings }: LocalInstance): PoolSizes {
  return poolSizesOf(cluster, settings)
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
RestartSec=100ms
LimitNOFILE=131072

[Install]
WantedBy=multi-user.target
`
}
